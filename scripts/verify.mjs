/** `npm run verify -- node_modules/tokenhold`: whether an installed package is the one that this commit builds. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { done } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";

/** In what way `folder`, the `dist` of a package, differs from `own`: a sentence for each difference. */
export function differences(folder, own) {
  const [theirs, ours] = [filesOf(folder), filesOf(own)];
  const missing = ours.filter((name) => !theirs.includes(name)).map((name) => `dist/${name} is missing`);
  const unknown = theirs.filter((name) => !ours.includes(name)).map((name) => `nothing here makes dist/${name}`);
  const both = theirs.filter((name) => ours.includes(name));
  const read = (...path) => readFileSync(join(...path));
  const changed = both.filter((name) => !read(folder, name).equals(read(own, name)));
  const isTheSame = inlinedModule(read(folder, "index.js").toString()).equals(read(folder, "tokenhold.wasm"));
  return [
    ...missing,
    ...unknown,
    ...changed.map((name) => `dist/${name} is not what this commit builds`),
    ...(isTheSame ? [] : ["the module inside of dist/index.js is not dist/tokenhold.wasm"]),
  ];
}

/** The module in a script, which is not run: it is the string literal that begins so, and each character is one byte. */
export function inlinedModule(script) {
  const [, , literal] = /(["'`])(\\0asm(?:(?!\1)[^\\]|\\.)*)\1/s.exec(script) ?? [];
  if (literal === undefined) throw new ScriptError("the script has no WebAssembly module inside");
  const text = literal.replace(/\\(?:x(..)|(.))/gs, (_, hex, letter) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (LETTERS[letter] ?? letter),
  );
  return Buffer.from(text, "latin1");
}

const LETTERS = { 0: "\0", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function filesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const [installed] = process.argv.slice(2);
    if (!installed) throw new ScriptError("say where the package is: npm run verify -- ../app/node_modules/tokenhold");
    await setUpBuild();
    await build();
    const found = differences(join(resolve(installed), "dist"), dist);
    if (found.length > 0) throw new ScriptError(found.join("\n"));
    done(`${installed} is what this commit builds`);
  });
}
