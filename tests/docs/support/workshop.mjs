/** Where the code of the pages is put to be checked: `target/docs`, in which `npm test` has installed what it imports. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./markdown.mjs";

export const workshop = join(root, "target", "docs");

/** As `import`, of a package that only the pages need. */
export const require = createRequire(join(workshop, "package.json"));

export function write(file, text) {
  const path = join(workshop, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** The Python that `npm test` has set up. */
export function python() {
  const program = join(workshop, "venv", "bin", "python");
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run test:docs\` once`);
  return program;
}

/** Runs a program to its end: `{ code, output }`. */
export function execute(program, args, options) {
  const child = spawn(program, args, { cwd: root, ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => resolve({ code, output })));
}
