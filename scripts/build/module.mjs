/** Reads a WebAssembly module: its sections, functions and names (WebAssembly core specification, section 5.5). */
import { ScriptError } from "../common/script-error.mjs";

/** Section numbers. */
export const [CUSTOM, TYPE, IMPORT, FUNCTION, EXPORT, START, CODE, DATA] = [0, 1, 2, 3, 7, 8, 10, 11];

/** The part of the custom section `name` that names functions. */
export const FUNCTION_NAMES = 1;

/** The module's magic number and version. */
export const HEADER = 8;

/** The sections, in order: `{ id, name, start, content, end }`, as positions in `bytes`. Custom ones have a name. */
export function readSections(bytes) {
  const reader = new Reader(bytes, HEADER);
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

/** The defined functions: `{ index, name, type, parameters, results }`, and `start` and `end` of their bodies. */
export function readFunctions(bytes, sections) {
  const reader = readerOf(bytes, sections);
  const known = reader(TYPE).vector(readSignature);
  const typed = reader(FUNCTION).vector((reader) => reader.number());
  const imports = countImports(bytes, sections);
  return reader(CODE).vector((reader, number) => {
    const size = reader.number();
    const start = reader.at;
    reader.at += size;
    const type = typed[number];
    return { index: imports + number, name: "", type, ...known[type], start, end: reader.at };
  });
}

/** How many functions are imported. Their numbers come before those of the defined ones. */
export function countImports(bytes, sections) {
  return readerOf(
    bytes,
    sections,
  )(IMPORT)
    .vector(readImport)
    .filter((kind) => kind === 0).length;
}

/** The defined functions' names, in order; empty where the module gives none. */
export function functionNames(bytes) {
  const sections = readSections(bytes);
  const names = readNames(bytes, sections);
  return readFunctions(bytes, sections).map(({ index }) => names.get(index) ?? "");
}

/** The module without its custom sections: names, and what tools leave for each other. */
export function withoutCustomSections(bytes) {
  const kept = readSections(bytes).filter(({ id }) => id !== CUSTOM);
  return Buffer.concat([bytes.subarray(0, HEADER), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** A custom section, to be put behind the others (core specification, section 5.5.3). */
export function customSection(name, content) {
  const named = Buffer.concat([Buffer.from([...leb(Buffer.byteLength(name)), ...Buffer.from(name)]), content]);
  return Buffer.concat([Buffer.from([CUSTOM, ...leb(named.length)]), named]);
}

/** Returns a function from a section's number to a reader of its content: an empty vector if the section is absent. */
export function readerOf(bytes, sections) {
  return (id) => {
    const section = sections.find((each) => each.id === id);
    return section ? new Reader(bytes, section.content) : new Reader(Uint8Array.of(0), 0);
  };
}

/** A number in LEB128. */
export function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** The functions' names, by index. */
function readNames(bytes, sections) {
  const section = sections.find(({ name }) => name === "name");
  const names = new Map();
  if (!section) return names;
  const reader = new Reader(bytes, section.content);
  while (reader.at < section.end) {
    const kind = reader.byte();
    const end = reader.number() + reader.at;
    if (kind === FUNCTION_NAMES) reader.vector((reader) => names.set(reader.number(), reader.text()));
    reader.at = end;
  }
  return names;
}

/** Returns the kind. */
function readImport(reader) {
  reader.text();
  reader.text();
  const kind = reader.byte();
  if (kind === 0) reader.number();
  else if (kind === 3) reader.at += 2;
  else throw new ScriptError(`an import of kind ${kind} was not expected`);
  return kind;
}

function readSignature(reader) {
  if (reader.byte() !== 0x60) throw new ScriptError("a type that is no function's was not expected");
  const [parameters, results] = [reader.vector(readType), reader.vector(readType)];
  return { parameters, results };
}

function readType(reader) {
  return reader.byte();
}

/** Reads the basic elements of the format. */
export class Reader {
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
