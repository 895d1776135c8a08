/** `tokenhold/testing`, as people use it: by the runner and in the environments that most have. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { installed, script } from "../apps/support/install.mjs";

const root = new URL("../../", import.meta.url);

test("an app's own tests run on it: in Node, jsdom and happy-dom, with timers that they replace", async () => {
  const report = stripVTControlCharacters(await script(await installed("vitest"), "test"));
  assert.match(report, /Test Files +18 passed \(18\)/);
  for (const environment of ["node", "jsdom", "happy-dom"]) assert.ok(report.includes(environment), report);
});

test("so do those that node:test runs", async () => {
  const report = await script(await installed("vitest"), "test:node");
  assert.match(report, /^(#|ℹ) pass 1$/m);
});

test("what docs/testing.md shows is what these tests run", () => {
  const page = readFileSync(new URL("docs/testing.md", root), "utf8");
  const blocks = [...page.matchAll(/^```jsx?\n(\/\/ (src\/\S+)\n[\s\S]*?)^```$/gm)];
  for (const [, code, path] of blocks)
    assert.equal(code, readFileSync(new URL(`tests/apps/vitest/${path}`, root), "utf8"));
  assert.equal(blocks.length, 8);
});
