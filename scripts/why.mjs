/** Where the bytes of the module are: `npm run size -- --why`. */
import { readFileSync } from "node:fs";
import { readFunctions, readSections } from "./build/module.mjs";
import { functionsFile, wasmFile } from "./build/wasm.mjs";

/** The standard library's crates: what they do, they do for somebody, who may be named behind them. */
const STANDARD = new Set(["core", "alloc", "std"]);
const PATH = /(?<![\w:])([a-z]\w*)(?:\[[0-9a-f]+\])?((?:::[a-z]\w*)*)(?=::)/g;
/** Modules that are less than this are not named. */
const LEAST = 50;

/**
 * Each crate in the module, and each module of a crate of several: `[name, { functions, raw, brotli }]`, the heaviest first.
 * `brotli` is how much less there would be to download without its functions: what it shares with others is nobody's, and is
 * in a row of its own. A function that the compiler has put into another one counts as that one.
 */
export function explain(compressed) {
  const bytes = readFileSync(wasmFile);
  const names = JSON.parse(readFileSync(functionsFile, "utf8"));
  const all = readFunctions(bytes, readSections(bytes));
  const functions = all.map((each, number) => ({ ...each, ...placeOf(names[number]) }));
  const [before, after] = [bytes.subarray(0, all[0].start), bytes.subarray(all.at(-1).end)];
  const size = (kept) => {
    const bodies = kept.map(({ start, end }) => bytes.subarray(start, end));
    return compressed(Buffer.concat([before, ...bodies, after]));
  };
  const whole = size(functions);
  const row = (name, own) => {
    const raw = own.reduce((sum, { start, end }) => sum + end - start, 0);
    return [
      name,
      { functions: own.length, raw, brotli: whole - size(functions.filter((each) => !own.includes(each))) },
    ];
  };
  const crates = heaviest(groups(functions, "crate").map(([crate, own]) => row(crate, own)));
  const shared = whole - crates.reduce((sum, [, { brotli }]) => sum + brotli, 0);
  const modulesOf = (crate) => {
    const modules = groups(
      functions.filter((each) => each.crate === crate && each.module),
      "module",
    );
    const rows = heaviest(modules.map(([module, own]) => row(`  ${module}`, own)));
    return rows.filter(([, { brotli }]) => brotli >= LEAST);
  };
  const rows = crates.flatMap((crate) => [crate, ...modulesOf(crate[0])]);
  return [...rows, ["what they share, and what is no function", { functions: "", raw: "", brotli: shared }]];
}

function groups(functions, key) {
  const names = new Set(functions.map((each) => each[key]));
  return [...names].map((name) => [name, functions.filter((each) => each[key] === name)]);
}

function heaviest(rows) {
  return rows.sort(([, one], [, other]) => other.brotli - one.brotli);
}

/** The crate whose function it is; of our own, the module as well. */
function placeOf(name) {
  // Nobody else's are called by way of a table.
  if (name.includes("FnOnce::call_once{{vtable.shim}}")) return { crate: "tokenhold", module: "closures" };
  const paths = [...name.matchAll(PATH)];
  const [, crate, modules] = paths.find(([, crate]) => !STANDARD.has(crate)) ?? paths[0] ?? [];
  if (crate === "tokenhold") return { crate, module: modules.split("::").slice(1, 3).join("::") };
  if (crate) return { crate };
  if (/^(__wbindgen|$)/.test(name)) return { crate: "wasm_bindgen" };
  if (name.startsWith("__rustc")) return { crate: "alloc" };
  if (name.startsWith("<")) return { crate: "core" };
  return /^(mem|__)/.test(name)
    ? { crate: "compiler_builtins" }
    : { crate: "tokenhold", module: "exports, with what is in them" };
}
