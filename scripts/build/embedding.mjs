/** The WebAssembly module inside a script: the package is one file, which loads with every bundler and with none. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workshop } from "../common/project.mjs";

/** Exports `wasm()`, the module's bytes, and `build`, the name of its build: `#wasm` in the face. */
export const embeddingFile = join(workshop, "embedded.js");

/** `wasm` may be undefined, because an entry may have no module inside. */
const types = "export const wasm: (() => Uint8Array<ArrayBuffer>) | undefined;\nexport const build: string;\n";

/**
 * Makes the script `file` of the module in `wasmFile`: a string literal in which each character is one byte, as `atob`
 * would return it. So anybody can read the module out of the package (SECURITY.md says how). No character is above
 * U+00FF, because V8 would keep the app's whole bundle as UTF-16 for one of those. Base64 would add 6 kB to the
 * download.
 */
export function embed(wasmFile, build, file = embeddingFile) {
  const text = JSON.stringify(readFileSync(wasmFile).toString("latin1"));
  writeFileSync(
    file,
    `const text = ${text};\n${decode}\nexport const wasm = () => decode(text), build = "${build}";\n`,
  );
  writeFileSync(file.replace(/js$/, "d.ts"), types);
}

/**
 * Part of the package. The loop takes milliseconds of every start, and the way through base64 a fraction of one, since all
 * of it is the browser's own code. (`Uint8Array.from` with a function would take ten times as long as the loop.)
 */
export function decode(text) {
  const { fromBase64 } = /** @type {any} */ (Uint8Array);
  if (fromBase64) return fromBase64(btoa(text));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
