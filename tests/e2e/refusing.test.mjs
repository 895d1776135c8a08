/** Places where the browser has something, and refuses it. */
import assert from "node:assert/strict";
import { bounded } from "./support/clock.mjs";
import { everyEngine } from "./support/suite.mjs";

/** So long it takes if the manager waits for a lock that it never gets. */
const WAIT_LIMIT_MS = 45_000;

everyEngine("what the browser refuses", (check) => {
  check(
    "liveness: a sandboxed frame may have Web Locks that refuse: then it works alone, and says so",
    {},
    async (world) => {
      const tab = await world.bareTab();
      const began = Date.now();
      const found = await bounded(tab.run(startInSandbox), "the frame's manager", WAIT_LIMIT_MS);
      assert.ok(Date.now() - began < WAIT_LIMIT_MS / 2, `${Date.now() - began} ms`);
      const { refuses, ...seen } = found;
      assert.deepEqual(seen, {
        origin: "null",
        status: "signed-in",
        warnings: refuses ? ["works-alone", "works-alone"] : [],
        sent: [
          ["/auth/refresh", null],
          // Its own origin is not that of its address, which may not have the token by default.
          ["/api/me", null],
          ["https://api.example/me", "Bearer one"],
        ],
      });
    },
  );
});

/** In the page: a frame with an origin of its own, where a manager starts, and sends two requests. */
async function startInSandbox() {
  const code = await (await fetch("/tokenhold/index.js")).text();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = `<script>onmessage = ${async ({ data: { code, home }, ports: [port] }) => {
    const { createTokenManager } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const refuses = await navigator.locks.request("any", () => false).catch(() => true);
    const sent = [];
    const warned = [];
    const started = async (attachTo) => {
      const tokens = await createTokenManager({
        refresh: `${home}/auth/refresh`,
        ...attachTo,
        fetch: async (request, init) => {
          const { pathname, href, host } = new URL(request.url ?? request);
          const headers = request.headers ?? init.headers;
          sent.push([host === "api.example" ? href : pathname, headers.get("Authorization")]);
          return Response.json({ access_token: "one", expires_in: 300 });
        },
      });
      warned.push(new Promise((resolve) => tokens.on("warning", ({ code }) => resolve(code))));
      await tokens.ready;
      return tokens;
    };
    const tokens = await started({});
    await tokens.fetch(`${home}/api/me`);
    const { status } = tokens;
    const [refresh, own] = sent.splice(0);
    if (refuses) await warned[0];
    tokens.dispose();
    const other = await started({ attachTo: ["https://api.example"] });
    await other.fetch("https://api.example/me");
    port.postMessage({
      refuses,
      origin,
      status,
      warnings: refuses ? await Promise.all(warned) : [],
      sent: [refresh, own, sent.at(-1)],
    });
  }}</script>`;
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  frame.contentWindow.postMessage({ code, home: location.origin }, "*", [port2]);
  return answer;
}
