/** What a page downloads, and what the README says of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entries } from "../build/entries.mjs";
import { root } from "../common/project.mjs";
import { LIMIT, measured, tooHeavy } from "../size.mjs";

/** Bytes by which the README may be wrong: it says "about". */
const ABOUT = 1024;

export function size() {
  return { faults: tooHeavy() };
}

export function readmeSize() {
  const { brotli: bytes } = measured(entries["."]);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [said, limit] = [/about ([\d,]+) bytes in brotli/, /fail above (\d+) KB/].map((pattern) => pattern.exec(readme)?.[1]);
  const faults = [];
  if (!said) faults.push('README.md does not say "about so many bytes in brotli"');
  else if (Math.abs(Number(said.replaceAll(",", "")) - bytes) > ABOUT) faults.push(`README.md says ${said} bytes in brotli, it is ${bytes}`);
  if (Number(limit) * 1024 !== LIMIT) faults.push(`README.md says that the tests fail above ${limit} KB, the limit is ${LIMIT / 1024} KB`);
  return { faults };
}
