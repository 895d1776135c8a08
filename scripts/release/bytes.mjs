/** What a page downloads, and what the README says of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dist, root } from "../common/project.mjs";
import { LIMIT, measure } from "../size.mjs";

/** Bytes by which the README may be wrong: it says "about". */
const ABOUT = 1024;

export function size() {
  const bytes = shipped();
  return { faults: bytes > LIMIT ? [`dist/index.js has ${bytes} bytes in brotli: the limit is ${LIMIT}`] : [] };
}

export function readmeSize() {
  const bytes = shipped();
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [said, limit] = [/about ([\d,]+) bytes in brotli/, /fail above (\d+) KB/].map((pattern) => pattern.exec(readme)?.[1]);
  const faults = [];
  if (!said) faults.push('README.md does not say "about so many bytes in brotli"');
  else if (Math.abs(Number(said.replaceAll(",", "")) - bytes) > ABOUT) faults.push(`README.md says ${said} bytes in brotli, it is ${bytes}`);
  if (Number(limit) * 1024 !== LIMIT) faults.push(`README.md says that the tests fail above ${limit} KB, the limit is ${LIMIT / 1024} KB`);
  return { faults };
}

function shipped() {
  return measure(readFileSync(join(dist, "index.js"))).brotli;
}
