/** The crate as WebAssembly: compiled by cargo, given its JavaScript glue by wasm-bindgen, shrunk by wasm-opt. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { answer, read, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root, workshop } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { loadModule } from "./glue.mjs";
import { rename } from "./names.mjs";
import { bare, nameInOrder, namesInOrder } from "./order.mjs";
import { shake } from "./shake.mjs";

const TARGET = "wasm32-unknown-unknown";

/** The module that is shipped. */
export const wasmFile = join(workshop, "tokenhold.wasm");

/** What its functions were called, in order. */
export const functionsFile = join(workshop, "functions.json");

/** The glue that instantiates it: `#glue` in the face. */
export const glueFile = join(workshop, "glue", "tokenhold.js");

/** Makes `wasmFile` and `glueFile`. */
export async function makeWasm() {
  const compiled = await compile();
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  const shaken = join(workshop, "shaken.wasm");
  writeFileSync(shaken, shake(readFileSync(compiled)));
  const bound = await bind(shaken);
  const names = await optimise(bound);
  writeFileSync(glueFile, rename(loadModule(readFileSync(glueFile, "utf8")), names));
}

async function compile() {
  say("cargo build: the crate, for wasm32");
  // As a cdylib alone: cargo silently leaves link-time optimisation out for a library that is also made for Rust.
  const what = ["--package", "tokenhold", "--lib", "--crate-type", "cdylib", "--features", "npm"];
  const args = ["rustc", ...what, "--profile", "wasm", "--target", TARGET];
  const told = ["--config", flags(), "--message-format", "json-render-diagnostics", "--", ...copying()];
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

/** Panic messages name source files: those of the crate, not of the machine that built it. `shake` needs relocations. */
function flags() {
  const cargo = process.env.CARGO_HOME || join(homedir(), ".cargo");
  const paths = [`--remap-path-prefix=${join(cargo, "registry", "src")}=`, `--remap-path-prefix=${root}=`];
  const flags = [...paths, "-Clink-arg=--emit-relocs", "-Ctarget-feature=-reference-types"];
  return `target.${TARGET}.rustflags=${JSON.stringify(flags)}`;
}

/**
 * Values are copied and cleared by one instruction each, where LLVM would write a row of loads and stores: 2 % less. Those
 * switches are LLVM's own, and one without them makes the package heavier, not wrong.
 */
function copying() {
  const switches = ["memcpy", "memmove", "memset"].map((what) => `-Cllvm-args=-max-store-${what}=1`);
  const isKnown = answer("rustc", ["--print", "target-features", "--target", TARGET, ...switches]) !== null;
  if (!isKnown) say("this compiler copies in another way, and the package is heavier for it");
  return isKnown ? switches : [];
}

async function bind(wasm) {
  say("wasm-bindgen: the glue");
  const folder = join(workshop, "glue");
  // Without the default path, bundlers find no second copy of the module to ship.
  const options = [
    "--target",
    "web",
    "--omit-default-module-path",
    "--remove-producers-section",
    "--encode-into",
    "always",
  ];
  await run("wasm-bindgen", [...options, "--out-dir", folder, "--out-name", "tokenhold", wasm]);
  const bound = join(workshop, "bound.wasm");
  renameSync(join(folder, "tokenhold_bg.wasm"), bound);
  return bound;
}

/** Makes `wasmFile`, and returns the short names that its imports and exports have been given. */
async function optimise(bound) {
  say("wasm-opt: smaller");
  // A function that is used once stays one unless it is tiny: many small functions are alike, and compress 3 % better.
  const inlining = ["--one-caller-inline-max-function-size", "20"];
  // The stack's far end is there: nothing else is ever below 1 KiB.
  const addressing = ["--low-memory-unused", "--skip-pass=memory-packing"];
  // Loops and branches are written anew from the plain graph of blocks: 1 % less.
  const control = ["--flatten", "--rereloop", "-Oz", "-Oz", "-Oz"];
  const names = ["--minify-imports-and-exports-and-modules"];
  const always = [...inlining, ...addressing, "-Oz"];
  const small = join(workshop, "small.wasm");
  const renamed = JSON.parse(await wasmOpt(bound, [...always, ...control, ...names, "-g", "-o", small]));
  const named = join(workshop, "named.wasm");
  writeFileSync(named, nameInOrder(readFileSync(small)));
  await wasmOpt(named, [...always, "-g", "--reorder-functions-by-name", "-o", wasmFile]);
  const ordered = readFileSync(wasmFile);
  writeFileSync(functionsFile, JSON.stringify(namesInOrder(ordered)));
  writeFileSync(wasmFile, bare(ordered));
  return renamed;
}

async function wasmOpt(file, options) {
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  return read(process.execPath, [program, file, ...options]);
}
