import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { add, NOTHING, ofCargo, ofNode } from "../../scripts/test/tally.mjs";

const ONE_GOOD = `
import { test } from "node:test";
test("is fine", () => {});
test("is not", () => { throw new Error("for this reason"); });
test("is not either", () => { throw new Error("for that reason"); });
`;

test("what node:test says of a failure is kept, to be said again at the end", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "tokenhold-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "one.test.mjs");
  writeFileSync(file, ONE_GOOD);
  // A run within a run would report to the outer one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const args = ["--test", "--test-reporter=spec", file];
  const { status: code, stdout: output } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  const { passed, failed, faults } = ofNode({ code, output });
  assert.deepEqual([passed, failed, faults.length], [1, 2, 2]);
  assert.match(faults[0], /is not[\s\S]*for this reason/);
  assert.match(faults[1], /is not either[\s\S]*for that reason/);
  assert.doesNotMatch(faults[0], /is fine|for that reason/);
});

test("so is what cargo says", () => {
  const failure = "---- a stdout ----\npanicked: for this reason";
  const last = "---- b stdout ----\npanicked: for that reason\n\n\nfailures:\n    a\n    b";
  const good = "test result: ok. 2 passed; 0 failed;\n";
  const bad = `\nfailures:\n\n${failure}\n\n${last}\n\ntest result: FAILED. 1 passed; 2 failed;\n`;
  assert.deepEqual(ofCargo({ code: 101, output: good + bad }), { passed: 3, failed: 2, faults: [failure, last] });
});

test("a runner that fails without a failed test is one", (context) => {
  context.mock.method(console, "error", () => {});
  const tally = ofNode({ code: 1, output: "ℹ pass 3\nℹ fail 0\n" });
  assert.deepEqual([tally.passed, tally.failed], [3, 1]);
  assert.match(tally.faults[0], /code 1 after 3 tests/);
  assert.deepEqual(add(NOTHING, tally), tally);
});
