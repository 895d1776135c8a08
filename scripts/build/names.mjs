/**
 * The names that the wasm module and its glue call each other by. wasm-bindgen makes them long and ends many in a hash,
 * twice: once in either file. Two kilobytes of what a page downloads would be these.
 */
import { Trouble } from "../common/trouble.mjs";

/**
 * The glue for a module that wasm-opt has renamed. `names` is what wasm-opt says it did: `imports` as `[module, old, new]`
 * and `exports` as `[old, new]`. Anything unexpected is an error here, rather than in somebody's browser.
 */
export function rename(glue, { imports, exports }) {
  const modules = [...new Set(imports.map(([module]) => module))];
  if (modules.length !== 1) throw new Trouble(`one imported module was expected, there are: ${modules.join(", ")}`);
  return renameExports(imports.reduce(renameImport, renameModule(glue, modules[0])), new Map(exports));
}

function renameModule(glue, module) {
  return replaceOnce(glue, `"${module}": import0`, `"a": import0`);
}

function renameImport(glue, [, old, short]) {
  return replaceOnce(glue, `\n        ${old}: `, `\n        ${short}: `);
}

function renameExports(glue, names) {
  return glue.replace(/\bwasm\.([\w$]+)/g, (_, old) => {
    if (!names.has(old)) throw new Trouble(`the glue uses ${old}, which the module does not export`);
    return `wasm.${names.get(old)}`;
  });
}

function replaceOnce(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Trouble(`the glue has ${JSON.stringify(from)} ${parts.length - 1} times, not once`);
  return parts.join(to);
}
