/** `npm run reliability`: writes what the last `npm run test:e2e` has found out about faults into RELIABILITY.md. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { writeFigures } from "./common/figures.mjs";
import { faults } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";

const ENGINES = ["chromium", "firefox", "webkit"];

await main(async () => writeFigures("RELIABILITY.md", "npm run reliability", table(findings())));

function findings() {
  if (!existsSync(faults)) throw new ScriptError("nothing is known yet: run `npm run test:e2e` first");
  const lines = readdirSync(faults).flatMap((file) => readFileSync(join(faults, file), "utf8").trim().split("\n"));
  return lines.map((line) => JSON.parse(line));
}

/** A line for each fault, a column for each engine, and a note for each reason. */
function table(found) {
  const names = [...new Set(found.map(({ fault }) => fault))].sort();
  const reasons = [...new Set(found.map(({ cannot }) => cannot).filter(Boolean))].sort();
  const cell = (fault, engine) =>
    described(
      found.find((each) => each.fault === fault && each.engine === engine),
      reasons,
    );
  const rows = names.map((fault) => [fault, ...ENGINES.map((engine) => cell(fault, engine))]);
  const head = ["fault", ...ENGINES];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const notes = reasons.map((reason, at) => `${at + 1}. Not available in this engine: it ${reason}.`);
  return [...lines, "", ...notes].join("\n");
}

function described(finding, reasons) {
  if (!finding) return "";
  const { cannot, outcome, waitedMs, refreshes } = finding;
  if (cannot) return `– (${reasons.indexOf(cannot) + 1})`;
  if (waitedMs === undefined) return outcome;
  return `${outcome}, ${count(refreshes, "refresh", "es")}, ${(waitedMs / 1_000).toFixed(1)} s`;
}

function count(number, word, plural) {
  return `${number} ${word}${number === 1 ? "" : plural}`;
}
