/** Where the bytes of the module are: `npm run size -- --why`. */
import { readFileSync } from "node:fs";
import { textOf } from "./build/embedding.mjs";
import { readFunctions, readSections } from "./build/module.mjs";
import { functionsFile, wasmFile } from "./build/wasm.mjs";

/** The standard library's crates: what they do, they do for somebody, who may be named behind them. */
const STANDARD = new Set(["core", "alloc", "std"]);
const PATH = /(?<![\w:])([a-z]\w*)(?:\[[0-9a-f]+\])?((?:::[a-z]\w*)*)(?=::)/g;

/**
 * Each part of the module, `[name, { functions, raw, brotli }]`, the heaviest first. `brotli` is how much less there would
 * be to download without its functions: so what it shares with others is nobody's, and the sum is less than the whole. A
 * function that the compiler has put into another one counts as that one.
 */
export function explain(compressed) {
  const bytes = readFileSync(wasmFile);
  const names = JSON.parse(readFileSync(functionsFile, "utf8"));
  const functions = readFunctions(bytes, readSections(bytes)).map((each, number) => ({ ...each, part: partOf(names[number]) }));
  const size = (kept) => compressed(Buffer.from(textOf(bytes, kept)));
  const whole = size(functions);
  const rows = [...new Set(functions.map(({ part }) => part))].map((part) => {
    const own = functions.filter((each) => each.part === part);
    const raw = own.reduce((sum, { start, end }) => sum + end - start, 0);
    return [part, { functions: own.length, raw, brotli: whole - size(functions.filter((each) => each.part !== part)) }];
  });
  return rows.sort(([, one], [, other]) => other.brotli - one.brotli);
}

/** The crate whose function it is; of our own, the module. */
function partOf(name) {
  const paths = [...name.matchAll(PATH)];
  const [, crate, modules] = paths.find(([, crate]) => !STANDARD.has(crate)) ?? paths[0] ?? [];
  if (!crate) return /^\w+$/.test(name) ? "exports, with what is in them" : "other";
  return crate === "tokenhold" ? [crate, ...modules.split("::").slice(1, 3)].join("::") : crate;
}
