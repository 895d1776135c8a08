/**
 * The glue as wasm-bindgen writes it loads the module from wherever it is told, and warns of other ways to say so. The face
 * has the module's bytes, and asks once.
 */
import { Trouble } from "../common/trouble.mjs";

/** From here on it is about loading. */
const LOADING = "\nasync function __wbg_load(";

const LOADER = `
export default async function (bytes) {
    const { instance, module } = await WebAssembly.instantiate(bytes, __wbg_get_imports());
    return __wbg_finalize_init(instance, module);
}
`;

/** The glue with a loader for bytes alone. */
export function loadBytes(glue) {
  const parts = glue.split(LOADING);
  if (parts.length !== 2) throw new Trouble("the glue does not load the module where it used to");
  return parts[0] + LOADER;
}
