/** The bytes that a page downloads, and the figure in the README. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entries } from "../build/entries.mjs";
import { root } from "../common/project.mjs";
import { measured, tooHeavy } from "../size.mjs";

/** Bytes by which the README may be wrong: it says "about". */
const ABOUT = 1024;

export function size() {
  return { faults: tooHeavy() };
}

export function readmeSize() {
  const { brotli: bytes } = measured(entries["."]);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const said = /about ([\d,]+) bytes in brotli/.exec(readme)?.[1];
  if (!said) return { faults: ['README.md does not say "about so many bytes in brotli"'] };
  const isRight = Math.abs(Number(said.replaceAll(",", "")) - bytes) <= ABOUT;
  return { faults: isRight ? [] : [`README.md says ${said} bytes in brotli, it is ${bytes}`] };
}
