import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countImports,
  customSection,
  functionNames,
  leb,
  Reader,
  readFunctions,
  readSections,
  withoutCustomSections,
} from "../../scripts/build/module.mjs";
import { assembled } from "./support/modules.mjs";

const bytes = assembled(`(module
  (import "host" "log" (func $log (param i32)))
  (import "host" "limit" (global $limit i32))
  (func $add (param i32 i64) (result i32) (local.get 0))
  (func $nothing)
  (export "add" (func $add))
  (export "nothing" (func $nothing)))`);

test("sections and functions are where they are said to be", () => {
  const sections = readSections(bytes);
  assert.equal(sections[0].start, 8);
  assert.equal(sections.at(-1).end, bytes.length);
  for (const [at, { start }] of sections.entries()) if (at > 0) assert.equal(start, sections[at - 1].end);
  const functions = readFunctions(bytes, sections);
  const [I32, I64] = [0x7f, 0x7e];
  assert.deepEqual(
    functions.map(({ index, parameters, results }) => ({ index, parameters, results })),
    [
      { index: 1, parameters: [I32, I64], results: [I32] },
      { index: 2, parameters: [], results: [] },
    ],
  );
  const [GET, END] = [0x20, 0x0b];
  assert.deepEqual([...bytes.subarray(functions[0].start, functions[0].end)], [0, GET, 0, END]);
  assert.deepEqual([...bytes.subarray(functions[1].start, functions[1].end)], [0, END]);
});

test("only imported functions count when functions are numbered", () => {
  assert.equal(countImports(bytes, readSections(bytes)), 1);
});

test("what no module of this crate imports is refused rather than misread", () => {
  const other = assembled('(module (import "host" "memory" (memory 1)) (func $nothing))');
  assert.throws(() => countImports(other, readSections(other)), /an import of kind 2 was not expected/);
});

test("functions have the names that the module gives them, or none", () => {
  assert.deepEqual(functionNames(bytes), ["add", "nothing"]);
  assert.deepEqual(functionNames(withoutCustomSections(bytes)), ["", ""]);
});

test("a custom section is one to WebAssembly, and can be taken out again", () => {
  const content = Buffer.from("x".repeat(200));
  const module = withoutCustomSections(bytes);
  const extended = Buffer.concat([module, customSection("tokenhold", content)]);
  const [found] = WebAssembly.Module.customSections(new WebAssembly.Module(extended), "tokenhold");
  assert.deepEqual(Buffer.from(found), content);
  assert.deepEqual(withoutCustomSections(extended), module);
  assert.ok(WebAssembly.validate(module));
});

test("numbers are read as they are written", () => {
  for (const number of [0, 1, 127, 128, 300, 16_384, 2 ** 31, 2 ** 32 - 1]) {
    const reader = new Reader(Buffer.from([...leb(number), 0xff]), 0);
    assert.equal(reader.number(), number);
    assert.equal(reader.byte(), 0xff);
  }
});
