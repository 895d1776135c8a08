/**
 * A WebAssembly module as the linker leaves it when told to `--emit-relocs`: it still says which function refers to
 * which function and to which piece of data (Linking.md of WebAssembly's tool conventions).
 */
import { Trouble } from "../common/trouble.mjs";

const CUSTOM = 0;
const [TYPE, IMPORT, FUNCTION, EXPORT, START, CODE, DATA] = [1, 2, 3, 7, 8, 10, 11];
const SYMBOL_TABLE = 8;
const [FUNCTION_SYMBOL, DATA_SYMBOL, SECTION_SYMBOL] = [0, 1, 3];
const [UNDEFINED, EXPLICIT_NAME] = [0x10, 0x40];
/** What link-time optimisation appends to the names of functions that it has several of. */
const CLONE = /\.(?:llvm\.)?\d+$/;
/** The relocations that Rust's modules have, by what they refer to. */
const TO_FUNCTION = new Set([0, 1, 2]);
const TO_DATA = new Set([3, 4, 5]);
const TO_NEITHER = new Set([6, 7, 20]);

/**
 * Reads the module:
 *
 * - `functions`: the defined ones, `{ index, name, type, parameters, results }`, and `start` and `end` of their bodies;
 * - `data`: the pieces of data, `{ start, end }`;
 * - `references`: `{ at, to }`, where `to` is one of those, and `at` where in the module it is referred to;
 * - `roots`: the functions that are used from outside;
 * - `sections`: `{ id, name, start, content, end }`, for those who rewrite it.
 *
 * Positions are in `bytes`.
 */
export function readLinked(bytes) {
  const sections = readSections(bytes);
  const section = (id) => sections.find((section) => section.id === id);
  const reader = (id) => new Reader(bytes, section(id).content);
  const imports = reader(IMPORT).vector(readImport).filter((kind) => kind === 0).length;
  const functions = readFunctions(reader(CODE), reader(FUNCTION), reader(TYPE), imports);
  const segments = reader(DATA).vector(readSegment);
  const symbols = readSymbols(bytes, sections, { functions, imports, segments });
  const references = readReferences(bytes, sections, symbols);
  const exported = reader(EXPORT).vector(readExport);
  const started = section(START) ? [reader(START).number()] : [];
  const roots = [...exported, ...started].map((index) => functions[index - imports]).filter(Boolean);
  const data = [...new Set(symbols.filter((symbol) => symbol?.isData))];
  return { sections, functions, data, references, roots };
}

function readSections(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    const name = id === CUSTOM ? reader.text() : undefined;
    sections.push({ id, name, start, content: reader.at, end });
    reader.at = end;
  }
  return sections;
}

/** Returns the kind. */
function readImport(reader) {
  reader.text();
  reader.text();
  const kind = reader.byte();
  if (kind === 0) reader.number();
  else if (kind === 3) reader.at += 2;
  else throw new Trouble(`an import of kind ${kind} was not expected`);
  return kind;
}

function readFunctions(code, types, signatures, imports) {
  const known = signatures.vector(readSignature);
  const typed = types.vector((reader) => reader.number());
  return code.vector((reader, number) => {
    const size = reader.number();
    const start = reader.at;
    reader.at += size;
    const type = typed[number];
    return { index: imports + number, name: "", type, ...known[type], start, end: reader.at };
  });
}

function readSignature(reader) {
  if (reader.byte() !== 0x60) throw new Trouble("a type that is no function's was not expected");
  const [parameters, results] = [reader.vector(readType), reader.vector(readType)];
  return { parameters, results };
}

function readType(reader) {
  return reader.byte();
}

/** Returns where its bytes begin. */
function readSegment(reader) {
  if (reader.number() !== 0) throw new Trouble("a passive data segment was not expected");
  if (reader.byte() !== 0x41) throw new Trouble("a data segment that is not at a constant address was not expected");
  reader.number();
  reader.byte();
  const size = reader.number();
  const start = reader.at;
  reader.at += size;
  return start;
}

/** Returns the index of the function, if it is one. */
function readExport(reader) {
  reader.text();
  const kind = reader.byte();
  const index = reader.number();
  return kind === 0 ? index : -1;
}

/** What each symbol stands for: a function, a piece of data, or nothing of interest here. */
function readSymbols(bytes, sections, module) {
  const linking = custom(sections, "linking");
  const reader = new Reader(bytes, linking.content);
  if (reader.number() !== 2) throw new Trouble("the linker speaks another version of its conventions");
  while (reader.at < linking.end) {
    const kind = reader.byte();
    const size = reader.number();
    if (kind === SYMBOL_TABLE) return reader.vector((reader) => readSymbol(reader, module));
    reader.at += size;
  }
  throw new Trouble("the linker has left no symbol table");
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
    if (reader.number() !== target) throw new Trouble("the relocations are of another section than they say");
    return reader.vector((reader) => {
      const kind = reader.byte();
      const at = sections[target].content + reader.number();
      const index = reader.number();
      if (TO_DATA.has(kind)) reader.number();
      else if (!TO_FUNCTION.has(kind) && !TO_NEITHER.has(kind)) throw new Trouble(`a relocation of kind ${kind}`);
      return { at, to: TO_NEITHER.has(kind) ? undefined : symbols[index] };
    });
  });
}

function custom(sections, name) {
  const found = sections.find((section) => section.name === name);
  if (!found) throw new Trouble(`the module has no section ${name}: it was not linked with --emit-relocs`);
  return found;
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** LEB128. Of a negative one, only its length matters here. */
  number() {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
  }

  vector(read) {
    return Array.from({ length: this.number() }, (_, number) => read(this, number));
  }
}
