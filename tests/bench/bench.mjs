/** Everything that is measured, in each of `engines`, one after the other. */
import { makeBundles } from "./bundles.mjs";
import { measure } from "./engine.mjs";
import { Server } from "./server.mjs";
import { measureTabs } from "./tabs.mjs";

/** So many tabs as an engine opens in a time that one waits for. */
const manyTabs = { chromium: [10, 100], firefox: [10, 30], webkit: [10] };

/** How much of what: a run of half an hour, and one of seconds that only shows that all figures are there. */
export const amounts = {
  whole: {
    ...{ loads: 25, rounds: 25, requests: 100, storms: 15, callers: 1000 },
    tabs: { counts: manyTabs, rounds: 3, quietMs: 3_000 },
  },
  short: {
    ...{ loads: 1, rounds: 1, requests: 5, storms: 1, callers: 1000 },
    tabs: { counts: { chromium: [3], firefox: [3], webkit: [3] }, rounds: 1, quietMs: 100 },
  },
};

/**
 * The figures that `report` makes tables of; `begun` is told of each engine. `another` is the folder of another commit's
 * package, which takes part as well.
 *
 * @param {string[]} engines
 * @param {typeof amounts.whole} amount
 * @param {{ another?: string, begun?: (engine: string) => void }} [options]
 */
export async function bench(engines, amount, { another, begun = () => {} } = {}) {
  const scripts = await makeBundles(another);
  const server = new Server(scripts);
  const port = await server.start();
  const figures = { sizes: sizes(scripts), engines: {} };
  try {
    for (const engine of engines) {
      begun(engine);
      const ofOneTab = await measure(engine, port, amount, Boolean(another));
      const counts = { ...server.counts };
      const tabs = await measureTabs(engine, port, server, amount.tabs, Boolean(another));
      figures.engines[engine] = { ...ofOneTab, counts, tabs };
    }
  } finally {
    server.stop();
  }
  return figures;
}

function sizes(scripts) {
  const own = Object.entries(scripts).filter(([name]) => name.startsWith("start-"));
  return Object.fromEntries(
    own.map(([name, { raw, br }]) => [name.replace(/^start-|\.js$/g, ""), { raw: raw.length, br: br.length }]),
  );
}
