/** Makes `dist/*.d.ts`: the types of what the package exports, and of nothing else. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { dist, root, workshop } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { entries, shipped } from "./entries.mjs";

const declarations = join(workshop, "types");

export async function makeTypes() {
  say("tsc: dist/**/*.d.ts");
  await tsc("--project", ".");
  const found = new Map();
  for (const source of Object.values(entries)) reachable(shipped(source, "d.ts"), found);
  for (const [name, text] of found) {
    const file = join(dist, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Runs the TypeScript compiler of this project. */
export function tsc(...args) {
  return run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), ...args]);
}

/** The declaration files that `name` needs, and it: their texts by name, in `found`. */
function reachable(name, found) {
  if (found.has(name)) return;
  const file = join(declarations, name);
  if (!existsSync(file)) throw new ScriptError(`the public types refer to ${name}, which is not among them`);
  const needed = [];
  const text = readFileSync(file, "utf8").replace(commentOrImport, (match, specifier) => {
    if (!specifier || isPeer(specifier)) return match;
    needed.push(imported(specifier, name));
    return `"${needed.at(-1)}"`;
  });
  found.set(name, text);
  for (const specifier of needed) reachable(join(dirname(name), specifier.replace(/js$/, "d.ts")), found);
}

/** Examples in doc comments import things too, and are none of our business. */
const commentOrImport = /\/\*[\s\S]*?\*\/|(?<=\b(?:from |import\(|import ))"([^"]+)"/g;

/** What the file called `name` must say instead of `specifier`, for the resolution of every TypeScript project. */
function imported(specifier, name) {
  if (/^\.\.?\/.+\.[jt]s$/.test(specifier)) return specifier.replace(/ts$/, "js");
  throw new ScriptError(
    `the public types refer to "${specifier}" in ${name}: only "./file.js" and peers can be shipped`,
  );
}

/** Whether it is of a package that whoever imports the entry has anyway: `react`, `@angular/core`, `rxjs/operators`. */
function isPeer(specifier) {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(specifier);
  return name in peerDependencies;
}
