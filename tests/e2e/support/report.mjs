/** The results of the tests of faults, for the table in RELIABILITY.md. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TOKENHOLD_REPORT;

/** Notes what came of `fault` in `engine`: `{ outcome, waitedMs, boundMs, refreshes }`, or `{ cannot }`, the reason. */
export function report(fault, engine, found) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify({ fault, engine, ...found })}\n`);
}
