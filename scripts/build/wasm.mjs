/** The crate as WebAssembly: cargo compiles it, wasm-bindgen makes its JavaScript glue, wasm-opt makes it smaller. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { answer, read, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root, workshop } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { loadModule } from "./glue.mjs";
import { withoutCustomSections } from "./module.mjs";
import { rename } from "./names.mjs";
import { nameInOrder, namesInOrder } from "./order.mjs";
import { shake, unlink } from "./shake.mjs";

const TARGET = "wasm32-unknown-unknown";

/** Switches of LLVM that make it copy or clear a value by one instruction instead of many loads and stores. */
const COPYING = ["memcpy", "memmove", "memset"].map((what) => `-Cllvm-args=-max-store-${what}=1`);

/** The module that is shipped. */
export const wasmFile = join(workshop, "tokenhold.wasm");

/** The glue that instantiates it: `#glue` in the face. */
export const glueFile = join(workshop, "glue", "tokenhold.js");

/** The original names of its functions, in order. */
export const functionsFile = join(workshop, "functions.json");

/** The steps beyond compiling and `wasm-opt -Oz`. `npm run size -- --why` prints the bytes that each of them saves. */
export const steps = ["shake", "restructure", "order", "names", "glue"];

/** Makes `wasmFile` and `glueFile`. */
export async function makeWasm() {
  const linked = await compile();
  rmSync(workshop, { recursive: true, force: true });
  await finish(linked, workshop);
}

/** Compiles the crate, and returns the path of the module that all further steps start from. */
export async function compile() {
  say("cargo build: the crate, for wasm32");
  // Only as a cdylib, because cargo silently leaves out link-time optimisation for a crate that is an rlib as well.
  const what = ["--package", "tokenhold", "--lib", "--crate-type", "cdylib", "--features", "npm"];
  const args = ["rustc", ...what, "--profile", "wasm", "--target", TARGET];
  const told = ["--config", flags(), "--message-format", "json-render-diagnostics", "--", ...COPYING];
  const messages = await read("cargo", [...args, ...told]);
  const artifacts = messages
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const files = artifacts
    .filter(({ target }) => target?.name === "tokenhold")
    .flatMap(({ filenames }) => filenames ?? []);
  const wasm = files.find((file) => file.endsWith(".wasm"));
  if (!wasm) throw new ScriptError("cargo has built no .wasm");
  return wasm;
}

/**
 * Replaces this machine's paths in panic messages by ones that are the same everywhere, so that the same commit gives
 * the same bytes. `shake` needs relocations, and names that are all mangled in the same way.
 */
function flags() {
  const cargo = process.env.CARGO_HOME || join(homedir(), ".cargo");
  const library = join(answer("rustc", ["--print", "sysroot"]), "lib", "rustlib", "src", "rust");
  const [, commit] = /^commit-hash: (\w+)$/m.exec(answer("rustc", ["-vV"]));
  const places = { [join(cargo, "registry", "src")]: "", [root]: "", [library]: `/rustc/${commit}` };
  const remaps = Object.entries(places).map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const linking = ["-Clink-arg=--emit-relocs", "-Csymbol-mangling-version=v0"];
  return `target.${TARGET}.rustflags=${JSON.stringify([...remaps, ...linking, "-Ctarget-feature=-reference-types"])}`;
}

/** Makes the module and its glue in `folder` from cargo's output, by all steps except the one called `omitted`. */
export async function finish(linked, folder, omitted) {
  mkdirSync(folder, { recursive: true });
  const does = (step) => step !== omitted;
  const shaken = join(folder, "shaken.wasm");
  writeFileSync(shaken, (does("shake") ? shake : unlink)(readFileSync(linked)));
  const bound = await bind(shaken, folder);
  const names = await optimise(bound, folder, does);
  const file = join(folder, "glue", "tokenhold.js");
  const glue = readFileSync(file, "utf8");
  const loading = does("glue") ? loadModule(glue) : glue;
  writeFileSync(file, does("names") ? rename(loading, names) : loading);
}

async function bind(wasm, folder) {
  say("wasm-bindgen: the glue");
  const glue = join(folder, "glue");
  // With the default path in the glue, bundlers would ship a second copy of the module.
  const options = ["--target=web", "--omit-default-module-path", "--remove-producers-section", "--encode-into=always"];
  await run("wasm-bindgen", [...options, "--out-dir", glue, "--out-name", "tokenhold", wasm]);
  const bound = join(folder, "bound.wasm");
  renameSync(join(glue, "tokenhold_bg.wasm"), bound);
  return bound;
}

/** Makes the module in `folder`, and returns the short names that its imports and exports have been given. */
async function optimise(bound, folder, does) {
  say("wasm-opt: smaller");
  // Below 1 KiB there is only the stack's far end. Functions that are used once are not inlined unless they are tiny,
  // because many small functions are alike, and compress better.
  const compressible = ["--one-caller-inline-max-function-size=20", "--skip-pass=memory-packing"];
  const always = ["--low-memory-unused", ...compressible, "-Oz"];
  // This writes loops and branches anew from the plain graph of blocks.
  const restructure = does("restructure") ? ["--flatten", "--rereloop", "-Oz", "-Oz", "-Oz"] : [];
  const shortNames = does("names") ? ["--minify-imports-and-exports-and-modules"] : [];
  const small = join(folder, "small.wasm");
  const renamed = await wasmOpt(bound, [...always, ...restructure, ...shortNames, "-g", "-o", small]);
  const ordered = does("order") ? await order(small, folder) : small;
  const bytes = readFileSync(ordered);
  writeFileSync(join(folder, "functions.json"), JSON.stringify(namesInOrder(bytes)));
  writeFileSync(join(folder, "tokenhold.wasm"), withoutCustomSections(bytes));
  return does("names") ? JSON.parse(renamed) : undefined;
}

async function order(wasm, folder) {
  const [named, ordered] = [join(folder, "named.wasm"), join(folder, "ordered.wasm")];
  writeFileSync(named, nameInOrder(readFileSync(wasm)));
  await wasmOpt(named, ["--reorder-functions-by-name", "-g", "-o", ordered]);
  return ordered;
}

async function wasmOpt(file, options) {
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  return read(process.execPath, [program, file, ...options]);
}
