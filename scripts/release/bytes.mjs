/** The bytes that a page downloads, and the figure in the README. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/project.mjs";
import { downloaded, tooHeavy } from "../size.mjs";

/** Bytes by which the README may be wrong: it says "about". */
const ABOUT = 1024;

export async function size() {
  return { faults: await tooHeavy() };
}

export async function readmeSize() {
  const { brotli: bytes } = await downloaded();
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const said = /about ([\d,]+) bytes in brotli/.exec(readme)?.[1];
  if (!said) return { faults: ['README.md does not say "about so many bytes in brotli"'] };
  const isRight = Math.abs(Number(said.replaceAll(",", "")) - bytes) <= ABOUT;
  return { faults: isRight ? [] : [`README.md says ${said} bytes in brotli, it is ${bytes}`] };
}
