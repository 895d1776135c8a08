/** `tokenhold/testing`, as people use it: by the runner and in the environments that most have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { installed, script } from "../apps/support/install.mjs";

test("an app's own tests run on the fake: in Node, jsdom and happy-dom, with timers that they replace", async () => {
  const report = plain(await script(await installed("vitest"), "test"));
  assert.match(report, /Test Files +8 passed \(8\)/);
  for (const environment of ["node", "jsdom", "happy-dom"]) assert.ok(report.includes(environment), report);
});

/** Without colours. */
function plain(text) {
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
