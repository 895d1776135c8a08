/** The wasm module inside a JavaScript string, so that the package is one file that every bundler and no bundler can load. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workshop } from "../common/project.mjs";
import { Trouble } from "../common/trouble.mjs";

/** Exports `wasm()`, the module's bytes: `#wasm` in the face. */
export const embeddingFile = join(workshop, "embedded.js");

/**
 * One character per byte keeps the alignment that compressors live on: brotli finds 2 % more to send than for the bare
 * module, where base64 costs 30 %. Shifted by this much, most bytes of a module are printable ASCII characters.
 */
const SHIFT = 36;

/** Makes `embeddingFile` of the module in `wasmFile`. */
export function embed(wasmFile) {
  const bytes = readFileSync(wasmFile);
  const text = encode(bytes);
  if (!bytes.equals(decode(text))) throw new Trouble("the embedded module differs from the built one");
  writeFileSync(embeddingFile, `const text = "${text}";\n\nexport ${decodeSource}\n`);
  writeFileSync(embeddingFile.replace(/js$/, "d.ts"), "export function wasm(): Uint8Array<ArrayBuffer>;\n");
}

/** Printable ASCII that needs no escape stays as it is; all else becomes a letter of Latin Extended, U+0100 to U+01FF. */
function encode(bytes) {
  const plain = (code) => code >= 0x20 && code <= 0x7e && code !== 0x22 && code !== 0x5c;
  const codes = Array.from(bytes, (byte) => (byte + SHIFT) & 0xff).map((code) => (plain(code) ? code : 0x100 + code));
  return codes.map((code) => String.fromCharCode(code)).join("");
}

/** A Uint8Array keeps the low eight bits of what is put into it, which undoes both the shift and the 0x100. */
const decodeSource = `const wasm = () => Uint8Array.from(text, (letter) => letter.charCodeAt(0) - ${SHIFT});`;

function decode(text) {
  return new Function("text", `${decodeSource} return wasm();`)(text);
}
