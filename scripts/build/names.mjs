/**
 * The names by which the wasm module and its glue call each other. wasm-bindgen makes them long, ends many in a hash,
 * and writes each of them into both files. wasm-opt shortens them in the module; this does so in the glue.
 */
import { ScriptError } from "../common/script-error.mjs";

/** The module that the glue itself stands for. */
const GLUE = "./tokenhold_bg.js";

/**
 * The glue for a module that wasm-opt has renamed. `names` is wasm-opt's report: `imports` as `[module, old, new]`
 * and `exports` as `[old, new]`. Anything unexpected is an error here, rather than in somebody's browser.
 */
export function rename(glue, { imports, exports }) {
  const own = imports.filter(([module]) => module === GLUE);
  const others = imports.filter(([module]) => module !== GLUE);
  const named = own.reduce(renameImport, replaceOnce(glue, `"${GLUE}": import0`, `"a": import0`));
  const moved = others.reduce(moveImport, named).replace(/^ +"\.\/snippets\/.*": import\d+,\n/gm, "");
  return renameExports(moved, new Map(exports));
}

function renameImport(glue, [, old, short]) {
  return replaceOnce(glue, `\n        ${old}: `, `\n        ${short}: `);
}

/** wasm-opt knows one module only, so a direct import from another file becomes one from the glue's own module. */
function moveImport(glue, [module, old, short]) {
  const [, file] = new RegExp(`^import \\* as (\\w+) from "${module}"`, "m").exec(glue) ?? [];
  if (!file) throw new ScriptError(`the glue does not import ${module}`);
  return replaceOnce(glue, "const import0 = {", `const import0 = {\n        ${short}: ${file}.${old},`);
}

function renameExports(glue, names) {
  return glue.replace(/\bwasm\.([\w$]+)/g, (_, old) => {
    if (!names.has(old)) throw new ScriptError(`the glue uses ${old}, which the module does not export`);
    return `wasm.${names.get(old)}`;
  });
}

function replaceOnce(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new ScriptError(`the glue has ${JSON.stringify(from)} ${parts.length - 1} times, not once`);
  return parts.join(to);
}
