/**
 * Reads a WebAssembly module that was linked with `--emit-relocs`. Such a module still says which functions and pieces
 * of data each function refers to (Linking.md of WebAssembly's tool conventions).
 */
import { ScriptError } from "../common/script-error.mjs";
import { CODE, countImports, DATA, EXPORT, Reader, readFunctions, readSections, readerOf, START } from "./module.mjs";

const SYMBOL_TABLE = 8;
const [FUNCTION_SYMBOL, DATA_SYMBOL, SECTION_SYMBOL] = [0, 1, 3];
const [UNDEFINED, EXPLICIT_NAME] = [0x10, 0x40];
/** The suffix that link-time optimisation gives to the copies of a function. */
const CLONE = /\.(?:llvm\.)?\d+$/;
/** The types of relocations in Rust's modules, by the kind of their targets. */
const TO_FUNCTION = new Set([0, 1, 2]);
const TO_DATA = new Set([3, 4, 5]);
const TO_NEITHER = new Set([6, 7, 20]);

/**
 * Reads the module:
 *
 * - `functions`: the defined ones, `{ index, name, type, parameters, results }`, and `start` and `end` of their bodies;
 * - `data`: the pieces of data, `{ start, end }`;
 * - `references`: `{ at, to }`, where `to` is a function or a piece of data, and `at` the position of the reference;
 * - `roots`: the functions that are used from outside;
 * - `sections`: `{ id, name, start, content, end }`, for code that rewrites the module.
 *
 * Positions are in `bytes`.
 */
export function readLinked(bytes) {
  const sections = readSections(bytes);
  const reader = readerOf(bytes, sections);
  const imports = countImports(bytes, sections);
  const functions = readFunctions(bytes, sections);
  const segments = reader(DATA).vector(readSegment);
  const symbols = readSymbols(bytes, sections, { functions, imports, segments });
  const references = readReferences(bytes, sections, symbols);
  const exported = reader(EXPORT).vector(readExport);
  const started = sections.some(({ id }) => id === START) ? [reader(START).number()] : [];
  const roots = [...exported, ...started].map((index) => functions[index - imports]).filter(Boolean);
  const data = [...new Set(symbols.filter((symbol) => symbol?.isData))];
  return { sections, functions, data, references, roots };
}

/** Returns the position of the segment's bytes. */
function readSegment(reader) {
  if (reader.number() !== 0) throw new ScriptError("a passive data segment was not expected");
  if (reader.byte() !== 0x41)
    throw new ScriptError("a data segment that is not at a constant address was not expected");
  reader.number();
  reader.byte();
  const size = reader.number();
  const start = reader.at;
  reader.at += size;
  return start;
}

/** Returns the function's index, or -1 for an export that is no function. */
function readExport(reader) {
  reader.text();
  const kind = reader.byte();
  const index = reader.number();
  return kind === 0 ? index : -1;
}

/** Reads the target of each symbol: a function, a piece of data, or nothing of interest here. */
function readSymbols(bytes, sections, module) {
  const linking = custom(sections, "linking");
  const reader = new Reader(bytes, linking.content);
  if (reader.number() !== 2) throw new ScriptError("the linker speaks another version of its conventions");
  while (reader.at < linking.end) {
    const kind = reader.byte();
    const size = reader.number();
    if (kind === SYMBOL_TABLE) return reader.vector((reader) => readSymbol(reader, module));
    reader.at += size;
  }
  throw new ScriptError("the linker has left no symbol table");
}

function readSymbol(reader, { functions, imports, segments }) {
  const kind = reader.byte();
  const flags = reader.number();
  if (kind === DATA_SYMBOL) {
    reader.text();
    if (flags & UNDEFINED) return undefined;
    const [segment, offset, size] = [reader.number(), reader.number(), reader.number()];
    const start = segments[segment] + offset;
    return { isData: true, start, end: start + size };
  }
  const index = reader.number();
  const isNamed = kind !== SECTION_SYMBOL && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME);
  const name = isNamed ? reader.text() : "";
  if (kind !== FUNCTION_SYMBOL || index < imports) return undefined;
  functions[index - imports].name = name.replace(CLONE, "");
  return functions[index - imports];
}

function readReferences(bytes, sections, symbols) {
  return [CODE, DATA].flatMap((id) => {
    const target = sections.findIndex((section) => section.id === id);
    const reader = new Reader(bytes, custom(sections, id === CODE ? "reloc.CODE" : "reloc.DATA").content);
    if (reader.number() !== target) throw new ScriptError("the relocations are of another section than they say");
    return reader.vector((reader) => {
      const kind = reader.byte();
      const at = sections[target].content + reader.number();
      const index = reader.number();
      if (TO_DATA.has(kind)) reader.number();
      else if (!TO_FUNCTION.has(kind) && !TO_NEITHER.has(kind)) throw new ScriptError(`a relocation of kind ${kind}`);
      return { at, to: TO_NEITHER.has(kind) ? undefined : symbols[index] };
    });
  });
}

function custom(sections, name) {
  const found = sections.find((section) => section.name === name);
  if (!found) throw new ScriptError(`the module has no section ${name}: it was not linked with --emit-relocs`);
  return found;
}
