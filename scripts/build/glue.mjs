/**
 * Makes the glue smaller. wasm-bindgen's glue loads the module from any place in any form, and warns of outdated calls.
 * The face has a compiled module, and loads it once.
 */
import { ScriptError } from "../common/script-error.mjs";

/** Begins the part of the glue that loads the module. */
const LOADING = "\nasync function __wbg_load(";

const LOADER = `
export default async function (module) {
    return __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}

export function initSync(module) {
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}
`;

/** Checks in the glue whose outcome is the same in every browser that the package runs in. */
const ALWAYS = [
  [/if \(typeof \w+ !== 'undefined'\)/g, ""],
  [/\(typeof FinalizationRegistry === 'undefined'\)\s+\?.*\s+: /g, ""],
  [/ {4}if \(realloc === undefined\) \{[^}]*\}\n/g, ""],
];

/** The glue with a loader for compiled modules alone. */
export function loadModule(glue) {
  const parts = glue.split(LOADING);
  if (parts.length !== 2) throw new ScriptError("the glue does not load the module where it used to");
  return ALWAYS.reduce((text, [asked, answer]) => text.replace(asked, answer), parts[0]) + LOADER;
}
