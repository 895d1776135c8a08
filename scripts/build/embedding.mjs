/** The wasm module inside a JavaScript string, so that the package is one file that every bundler and no bundler can load. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workshop } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { leb, readFunctions, readSections } from "./module.mjs";
import { sort, unsort, walk } from "./sorting.mjs";

/** Exports `wasm()`, the module's bytes, and `build`, whose name a module of the same build bears: `#wasm` in the face. */
export const embeddingFile = join(workshop, "embedded.js");

/**
 * One character per byte keeps the alignment that compressors live on: brotli finds 2 % more to send than for the bare
 * bytes, where base64 costs 30 %. Shifted by this much, most bytes of a module are printable ASCII characters.
 */
const SHIFT = 36;

/** Between the parts. */
const SEPARATOR = "~";

/** Makes `embeddingFile` of the module in `wasmFile`. */
export function embed(wasmFile, build) {
  const bytes = readFileSync(wasmFile);
  const text = textOf(bytes, readFunctions(bytes, readSections(bytes)));
  const constants = `const [SHIFT, SEPARATOR, text] = [${SHIFT}, "${SEPARATOR}", "${text}"];`;
  const source = [constants, walk, unsort, decode, `export const wasm = () => decode(text), build = "${build}";`].join(
    "\n\n",
  );
  if (!bytes.equals(decode(text))) throw new ScriptError("the embedded module differs from the built one");
  writeFileSync(embeddingFile, source);
  writeFileSync(embeddingFile.replace(/js$/, "d.ts"), types);
}

/** An entry may be without. */
const types = "export const wasm: (() => Uint8Array<ArrayBuffer>) | undefined;\nexport const build: string;\n";

/** The text that stands for the module with these functions. */
export function textOf(bytes, functions) {
  const all = readFunctions(bytes, readSections(bytes));
  const [{ start, end }] = all;
  const before = bytes.subarray(0, start - leb(end - start).length);
  const after = bytes.subarray(all.at(-1).end);
  return [before, after, ...sort(bytes, functions)].map(encode).join(SEPARATOR);
}

/** Printable ASCII that needs no escape stays as it is; all else becomes a letter of Latin Extended, U+0100 to U+01FF. */
function encode(bytes) {
  const plain = (code) => code >= 0x20 && code < 0x7e && code !== 0x22 && code !== 0x5c;
  const codes = Array.from(bytes, (byte) => (byte + SHIFT) & 0xff).map((code) => (plain(code) ? code : 0x100 + code));
  return codes.map((code) => String.fromCharCode(code)).join("");
}

/** Part of the package, like what it calls. */
function decode(text) {
  return unsort(text.split(SEPARATOR), SHIFT, walk);
}
