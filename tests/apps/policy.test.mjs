/** The permissions of the policy, with the module in every form. */
import assert from "node:assert/strict";
import { forImportMap } from "./support/import-map.mjs";
import { asItIs, STRICT } from "./support/sites.mjs";
import { everyApp, everyEngine } from "./support/suite.mjs";

const under = (policy) => () => asItIs("slim", { policy: forImportMap("slim", policy) });
const withoutWasm = STRICT.replace(" 'wasm-unsafe-eval'", "");
const withoutConnect = STRICT.replace(" connect-src 'self';", "");
const forbidden =
  "wasm-failed: the WebAssembly module could not be started: the Content-Security-Policy needs script-src 'wasm-unsafe-eval'";

everyEngine("under the strict policy, the app may give the module", under(STRICT), (check) => {
  for (const form of ["url", "response", "bytes", "module"]) check(`as ${form}`, everyApp, { path: `/?${form}` });

  check(
    "once: after a panic there is a new instance of what was given then",
    async (visit) => {
      await visit.sees("status", "signed-out");
      assert.deepEqual(await visit.within((driver) => driver.executeScript(panic)), ["wasm-failed", "signed-out", 1]);
    },
    { path: "/?response" },
  );
});

everyEngine("without 'wasm-unsafe-eval', the error says that it is missing", under(withoutWasm), (check) => {
  check("for the module inside", (visit) => visit.sees("status", forbidden));
  check("for one that is given", (visit) => visit.sees("status", forbidden), { path: "/?url" });
});

everyEngine("without `connect-src`, the module cannot be fetched", under(withoutConnect), (check) => {
  check(
    "and that is reported",
    async (visit) => {
      await visit.within((driver) => driver.wait(() => driver.executeScript(failed), 60_000, "no wasm-failed"));
      await visit.reported(/connect-src/);
    },
    { path: "/?url" },
  );
});

async function panic() {
  // It has the table of requests in hand when it listens to a request's signal. No other code of the page runs then.
  AbortSignal.prototype.addEventListener = () => {
    delete AbortSignal.prototype.addEventListener;
    window.tokens.fetch("/").catch(() => {});
    throw new Error("called from within");
  };
  const { signal } = new AbortController();
  const { code } = await window.tokens.fetch("/", { signal }).catch((error) => error);
  const again = await window.create(new Response("not needed"));
  await again.ready;
  const downloads = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm"));
  return [code, again.status, downloads.length];
}

function failed() {
  return document.getElementById("status").textContent.startsWith("wasm-failed: ");
}
