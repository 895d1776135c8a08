import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nameBuild } from "../../scripts/build/raw.mjs";
import { assembled } from "./support/modules.mjs";

const first = assembled('(module (func (export "a") (result i32) (i32.const 1)))');
const second = assembled('(module (func (export "a") (result i32) (i32.const 2)))');

test("a module bears the name of its build, and is otherwise as it was", (context) => {
  const { build, bytes } = named(context, first, "glue");
  assert.deepEqual(bytes.subarray(0, first.length), first);
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "tokenhold");
  assert.equal(Buffer.from(section).toString(), build);
});

test("another module, or another glue, has another name; the same ones have the same", (context) => {
  const name = (module, glue) => named(context, module, glue).build;
  assert.equal(name(first, "glue"), name(first, "glue"));
  assert.equal(new Set([name(first, "glue"), name(second, "glue"), name(first, "other glue")]).size, 3);
});

function named(context, module, text) {
  const folder = mkdtempSync(join(tmpdir(), "tokenhold-build-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [wasm, glue] = [join(folder, "a.wasm"), join(folder, "glue.js")];
  writeFileSync(wasm, module);
  writeFileSync(glue, text);
  return { build: nameBuild(wasm, glue), bytes: readFileSync(wasm) };
}
