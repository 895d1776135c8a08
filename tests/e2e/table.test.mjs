/** The table "Faults reported elsewhere" in RELIABILITY.md: each line names a test that exists. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const REPORT = /[\w./-]+#\d+/g;

test("every report in RELIABILITY.md is a test, and every test of a report is in RELIABILITY.md", () => {
  const lines = tableBelow("## Faults reported elsewhere");
  assert.ok(lines.length >= 20, `${lines.length} lines`);
  for (const [suffered, reports, file, title] of lines) {
    const source = read(file);
    assert.ok(source.includes(title), `${suffered}: ${file} has no test ${title}`);
    for (const report of reports.match(REPORT) ?? [])
      assert.ok(source.includes(report), `${suffered}: ${file} does not name ${report}`);
  }
  const known = lines.flatMap(([, reports]) => reports.match(REPORT) ?? []);
  assert.deepEqual(
    [...new Set(reportsInTests())].filter((report) => !known.includes(report)),
    [],
  );
});

/** The cells of each line, without the head, and without the quotes of code. */
function tableBelow(heading) {
  const [, section] = read("RELIABILITY.md").split(`\n${heading}\n`);
  const lines = section
    .split("\n## ")[0]
    .split("\n")
    .filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

function reportsInTests() {
  const files = readdirSync(new URL("tests/e2e/", root)).filter((file) => file.endsWith(".test.mjs"));
  const lists = files.flatMap((file) => [...read(`tests/e2e/${file}`).matchAll(/suffered: \[(.*?)\]/gs)]);
  return lists.flatMap(([, list]) => list.match(REPORT) ?? []);
}

function read(path) {
  return readFileSync(new URL(path, root), "utf8");
}
