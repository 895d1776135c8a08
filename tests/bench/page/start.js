/** A page load: restore the session silently, then call the API once. `#contender` is whose turn it is. */
import { began } from "./began.js";
import { create } from "#contender";

globalThis.times = (async () => {
  const client = await create({ fetch: globalThis.fetch });
  const running = performance.now();
  await client.restore();
  const restored = performance.now();
  await client.request();
  const answered = performance.now();
  const [{ responseStart }] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return {
    load: began - responseStart,
    start: running - began,
    restore: restored - running,
    request: answered - restored,
    "script to answer": answered - began,
    "page to answer": answered - responseStart,
  };
})();
