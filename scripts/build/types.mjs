/** Makes `dist/*.d.ts`: the types of the package's exports, and nothing else. */
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

/** Collects the declaration file `name` and all that it imports in `found`: their texts by name. */
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

/** Matches comments as well, because the imports in their examples must stay as they are. */
const commentOrImport = /\/\*[\s\S]*?\*\/|(?<=\b(?:from |import\(|import ))"([^"]+)"/g;

/** The specifier that every TypeScript project can resolve, in the place of `specifier` in the file `name`. */
function imported(specifier, name) {
  if (/^\.\.?\/.+\.[jt]s$/.test(specifier)) return specifier.replace(/ts$/, "js");
  throw new ScriptError(
    `the public types refer to "${specifier}" in ${name}: only "./file.js" and peers can be shipped`,
  );
}

/** Whether it is of a peer dependency, which the app has anyway: `react`, `@angular/core`, `rxjs/operators`. */
function isPeer(specifier) {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(specifier);
  return name in peerDependencies;
}
