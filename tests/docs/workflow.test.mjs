import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./support/markdown.mjs";

test("every part of `npm test` has a job, and each job a part", () => {
  const [, names] = /^const parts = \{ (.+) \};$/m.exec(read("scripts/test.mjs"));
  const parts = names.split(", ").filter((name) => name !== "webkit");
  const workflow = read(".github/workflows/test.yml");
  const jobs = [...workflow.matchAll(/\{ parts: ([\w ]+),|npm test -- (\w+)$/gm)];
  assert.deepEqual(jobs.flatMap(([, many, one]) => (many ?? one).split(" ")).sort(), parts.sort());
});
