import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { functionNames, readFunctions, readSections } from "../../scripts/build/module.mjs";
import { nameInOrder, namesInOrder } from "../../scripts/build/order.mjs";
import { assembled } from "./support/modules.mjs";

/** More than ten, so that places have two digits; written from the last to the first. */
const numbers = Array.from({ length: 12 }, (_, at) => 11 - at);
const module = assembled(`(module
  ${numbers.map((number) => `(func $f${number} (param i32) (result i32) (i32.add (i32.const ${number}) (local.get 0)))`).join("\n")}
  (func $twice (param i32) (result i32) (call $f3 (call $f3 (local.get 0))))
  (export "three" (func $f3))
  (export "twice" (func $twice)))`);

test("functions are sorted by their code, and each call still reaches the function that it did", () => {
  const ordered = sortedByName(nameInOrder(module));
  const codes = readFunctions(ordered, readSections(ordered)).map(({ start, end }) => ordered.subarray(start, end));
  assert.deepEqual(codes, [...codes].sort(Buffer.compare));
  /** @type {any} */
  const { three, twice } = new WebAssembly.Instance(new WebAssembly.Module(ordered)).exports;
  assert.deepEqual([three(1), twice(1)], [4, 7]);
});

test("the names go along, and are what they were", () => {
  const ordered = sortedByName(nameInOrder(module));
  assert.deepEqual(namesInOrder(ordered), ["twice", ...numbers.map((number) => `f${number}`).reverse()]);
  assert.deepEqual([...namesInOrder(ordered)].sort(), [...functionNames(module)].sort());
});

/** As `wasm-opt --reorder-functions-by-name` does it. */
function sortedByName(bytes) {
  binaryen.setDebugInfo(true);
  const read = binaryen.readBinary(bytes);
  read.runPasses(["reorder-functions-by-name"]);
  const sorted = Buffer.from(read.emitBinary());
  read.dispose();
  return sorted;
}
