import assert from "node:assert/strict";
import { test } from "node:test";
import { readLinked } from "../../scripts/build/linked.mjs";
import { messages } from "../../scripts/build/messages.mjs";
import { readFunctions, readSections } from "../../scripts/build/module.mjs";
import { shake, unlink } from "../../scripts/build/shake.mjs";
import { linked } from "./support/modules.mjs";

const SOURCE = `
pub mod web { pub mod bindings {
  #[link(wasm_import_module = "host")]
  unsafe extern "C" { fn tell(); }
  #[inline(never)]
  pub fn panicked() { unsafe { tell() } }
} }
pub mod core {
  /// Named as what fails in the standard library, and no part of that.
  #[inline(never)]
  pub fn refresh_failed(times: &mut u32) { *times += std::hint::black_box(1); }
}
#[unsafe(no_mangle)]
pub extern "C" fn on_panic() { std::panic::set_hook(Box::new(|_| web::bindings::panicked())); }
#[unsafe(no_mangle)]
pub extern "C" fn picked(at: usize) -> u32 { std::hint::black_box(vec![2, 3, 5, 7])[at] }
#[unsafe(no_mangle)]
pub extern "C" fn printed(number: u32) -> usize { format!("{number}").len() }
#[unsafe(no_mangle)]
pub extern "C" fn failed() -> u32 { let mut times = 1; core::refresh_failed(&mut times); times }
`;

const bytes = linked(SOURCE);

/** Those that a module as small as this has. */
const present = messages.filter(({ pattern, results }) =>
  readLinked(bytes).functions.some(({ name, ...own }) => pattern.test(name) && String(own.results) === String(results)),
);

test("what the functions do stays, but for the messages", () => {
  const [whole, shaken] = [started(unlink(bytes)), started(shake(bytes, present))];
  assert.deepEqual([whole.picked(2), whole.printed(1234), whole.failed()], [5, 4, 2]);
  assert.deepEqual([shaken.picked(2), shaken.printed(1234), shaken.failed()], [5, 0, 2]);
});

test("a panic is told once, and traps", () => {
  const { picked, told } = started(shake(bytes, present));
  assert.throws(() => picked(4), WebAssembly.RuntimeError);
  assert.equal(told.length, 1);
});

test("messages and the names of source files are gone, and much of the code with them", () => {
  const [whole, shaken] = [unlink(bytes), shake(bytes, present)];
  for (const text of ["index out of bounds", "00010203040506070809", ".rs"]) {
    assert.ok(whole.includes(text), text);
    assert.ok(!shaken.includes(text), text);
  }
  assert.ok(codeOf(shaken) < 0.6 * codeOf(whole), `${codeOf(shaken)} of ${codeOf(whole)} bytes`);
});

test("nothing is left of what the linker said, and reference types are not promised", () => {
  for (const module of [unlink(bytes), shake(bytes, present)]) {
    const compiled = new WebAssembly.Module(module);
    for (const name of ["linking", "reloc.CODE", "reloc.DATA"])
      assert.deepEqual(WebAssembly.Module.customSections(compiled, name), []);
    const [features] = WebAssembly.Module.customSections(compiled, "target_features");
    assert.match(Buffer.from(features).toString("latin1"), /-.reference-types/s);
  }
});

test("a pattern that no function matches is named", () => {
  const unknown = { pattern: /renamed_by_the_next_compiler$/, results: [], body: () => assert.fail("there is none") };
  assert.throws(() => shake(bytes, [...present, unknown]), /no function of the module matches .*renamed_by_the_next/);
});

test("a pattern counts only functions with the results that it expects", () => {
  const [panic] = present.filter(({ results }) => results.length === 0);
  assert.throws(() => shake(bytes, [{ ...panic, results: [0x7e] }]), /no function of the module matches/);
});

test("a module that was linked without relocations is refused", () => {
  assert.throws(() => shake(linked(SOURCE, []), present), /it was not linked with --emit-relocs/);
});

test("a function of the crate is not taken for the standard library's", () => {
  const names = [
    "_RNvMNtNtCs2G6NvGgOql2_9tokenhold4core7machineNtB2_7Machine14refresh_failed",
    "_RNvNtNtCs2G6NvGgOql2_9tokenhold4core5error12handle_error",
    "_RINvNtCs2G6NvGgOql2_9tokenhold4core13unwrap_failedNtNtCsgXGp5Oqx2Ny_4core6option6OptionEB4_",
  ];
  for (const name of names) for (const { pattern } of messages) assert.doesNotMatch(name, pattern);
});

test("the standard library's are known, whichever crate has compiled them", () => {
  const names = [
    "_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt",
    "_RNvNtNtCsgXGp5Oqx2Ny_4core9panicking11panic_const23panic_const_div_by_zero",
    "_RNvNvMs_NtCs5cOc02OMXlo_5alloc3vecINtB6_3VecppE6remove13assert_failed",
    "_RINvNtCsgXGp5Oqx2Ny_4core9panicking13assert_failedjjEB4_",
    "_RNvXs1g_NtCsgXGp5Oqx2Ny_4core3fmtReNtB6_5Debug3fmtCsowIhRXm7bo_14rustc_demangle",
  ];
  for (const name of names) assert.equal(messages.filter(({ pattern }) => pattern.test(name)).length, 1, name);
});

function started(module) {
  const told = [];
  const host = { tell: () => told.push("panic") };
  /** @type {any} */
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { host });
  exports.on_panic();
  return { ...exports, told };
}

/** Bytes of the functions that do not merely trap. */
function codeOf(module) {
  const functions = readFunctions(module, readSections(module));
  return functions
    .map(({ start, end }) => end - start)
    .filter((size) => size > 3)
    .reduce((sum, size) => sum + size, 0);
}
