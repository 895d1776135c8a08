/** `dist/*.d.ts`: the types of what the package exports, and of nothing else. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { dist, root, workshop } from "../common/project.mjs";
import { Trouble } from "../common/trouble.mjs";

const declarations = join(workshop, "types");

export async function makeTypes() {
  say("tsc: dist/index.d.ts");
  await tsc("--project", ".");
  for (const name of reachable("index.d.ts")) copyFileSync(join(declarations, name), join(dist, name));
}

/** Runs the TypeScript compiler of this project. */
export function tsc(...args) {
  return run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), ...args]);
}

/** The declaration files that `name` needs, itself first. */
function reachable(name, found = new Set()) {
  if (found.has(name)) return found;
  const file = join(declarations, name);
  if (!existsSync(file)) throw new Trouble(`the types refer to ${name}, which is not among them`);
  found.add(name);
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(/(?:from |import\(|import )"([^"]+)"/g)) {
    reachable(declarationOf(specifier, dirname(file)), found);
  }
  return found;
}

function declarationOf(specifier, folder) {
  if (!/^\.\/.*\.js$/.test(specifier)) throw new Trouble(`the public types refer to "${specifier}", which is not shipped`);
  return relative(declarations, join(folder, specifier.replace(/js$/, "d.ts")));
}
