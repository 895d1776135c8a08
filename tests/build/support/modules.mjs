/** Small WebAssembly modules to try the build's steps on. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The module that is written in WebAssembly's text format, with its functions' names. */
export function assembled(text) {
  binaryen.setDebugInfo(true);
  const module = binaryen.parseText(text);
  try {
    return Buffer.from(module.emitBinary());
  } finally {
    module.dispose();
  }
}

/** The crate `tokenhold` with this source, as `scripts/build/wasm.mjs` has it compiled and linked. */
export function linked(source, flags = ["-Clink-arg=--emit-relocs"]) {
  const folder = mkdtempSync(join(tmpdir(), "tokenhold-build-"));
  try {
    writeFileSync(join(folder, "lib.rs"), source);
    const target = ["--target", "wasm32-unknown-unknown", "--crate-type", "cdylib", "--crate-name", "tokenhold"];
    const profile = ["--edition", "2024", "-Copt-level=z", "-Clto=fat", "-Cpanic=abort", "-Cstrip=debuginfo"];
    const names = ["-Csymbol-mangling-version=v0", ...flags];
    const file = join(folder, "tokenhold.wasm");
    execFileSync("rustc", [...target, ...profile, ...names, "-o", file, join(folder, "lib.rs")], { cwd: root });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
