import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "../../scripts/build/glue.mjs";
import { rename } from "../../scripts/build/names.mjs";
import { assembled } from "./support/modules.mjs";

/** The glue of a small module, as wasm-bindgen lays one out. */
const GLUE = `import * as import1 from "./snippets/host.js";

function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_log_0123456789abcdef: function(arg0) { globalThis.logged.push(arg0); },
    };
    return {
        __proto__: null,
        "./tokenhold_bg.js": import0,
        "./snippets/host.js": import1,
    };
}

let wasm;
const cached = (typeof TextDecoder !== 'undefined') ? new TextDecoder() : undefined;
export function answer() { return wasm.answer() + wasm.__wbindgen_free; }

function __wbg_finalize_init(instance, module) {
    wasm = instance.exports;
    return wasm;
}

async function __wbg_load(module, imports) {
    return fetch(module, imports);
}

export { __wbg_load as default };
`;

const RENAMED = {
  imports: [
    ["./tokenhold_bg.js", "__wbg_log_0123456789abcdef", "a"],
    ["./snippets/host.js", "double", "b"],
  ],
  exports: [
    ["answer", "c"],
    ["__wbindgen_free", "d"],
  ],
};

/** A module with the names that `RENAMED` has given it. */
const MODULE = assembled(`(module
  (import "a" "a" (func $log (param i32)))
  (import "a" "b" (func $double (param i32) (result i32)))
  (global $free i32 (i32.const 2))
  (func $answer (result i32) (call $log (i32.const 7)) (call $double (i32.const 20)))
  (export "c" (func $answer))
  (export "d" (global $free)))`);

test("glue and module find each other by the short names", async () => {
  globalThis.logged = [];
  const host = "const import1 = { double: (number) => 2 * number };";
  const glue = rename(loadModule(GLUE), RENAMED).replace(/^import .*$/m, host);
  assert.doesNotMatch(glue, /__wbg_log_|snippets|__wbindgen_free/);
  const { answer, default: initialise } = await import(`data:text/javascript,${encodeURIComponent(glue)}`);
  const { c, d } = await initialise(await WebAssembly.compile(MODULE));
  assert.deepEqual([c(), d.value], [40, 2]);
  assert.deepEqual(globalThis.logged, [7]);
  assert.equal(answer(), 40 + d);
});

test("the glue loads a compiled module, and fetches nothing", () => {
  const glue = loadModule(GLUE);
  assert.doesNotMatch(glue, /fetch|__wbg_load/);
  assert.match(glue, /export default async function/);
});

test("glue that loads the module in another place is refused", () => {
  assert.throws(
    () => loadModule(GLUE.replace("__wbg_load(", "__wbg_fetch(")),
    /does not load the module where it used to/,
  );
});

test("a name on one side alone is refused", () => {
  const { imports, exports } = RENAMED;
  const unknown = ["./tokenhold_bg.js", "__wbg_warn", "e"];
  assert.throws(() => rename(GLUE, { imports: [...imports, unknown], exports }), /__wbg_warn.* 0 times, not once/);
  assert.throws(() => rename(GLUE, { imports, exports: exports.slice(1) }), /the glue uses answer/);
  const elsewhere = ["./snippets/other.js", "half", "e"];
  assert.throws(
    () => rename(GLUE, { imports: [...imports, elsewhere], exports }),
    /does not import .\/snippets\/other/,
  );
});
