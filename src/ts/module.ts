import { build, wasm } from "#wasm";
import { TokenholdError } from "./errors.ts";
import type { TokenManagerOptions, WasmSource } from "./options.ts";
import { pageFetch } from "./page-fetch.ts";

type Given = TokenManagerOptions["wasm"];

/**
 * @throws {@link TokenholdError} `invalid-option` if this is no module, or is missing where the package has none
 * inside.
 */
export function checkWasm(given: Given): void {
  if (given === undefined ? wasm : isUrl(given) || ArrayBuffer.isView(given) || objects.test(kind(given))) return;
  throw new TokenholdError("invalid-option", "option `wasm` must be a URL, a Response, bytes, or a compiled module");
}

/** The compiled module: the given one, or else the one inside the package. */
export async function compiled(given: Given): Promise<WebAssembly.Module> {
  if (given === undefined) return WebAssembly.compile(wasm!());
  const module = await compile(await given);
  const [section] = WebAssembly.Module.customSections(module, "tokenhold");
  if (new TextDecoder().decode(section) === build) return module;
  throw new Error("option `wasm` is not the tokenhold.wasm of this version");
}

/** Of any realm. */
const objects = /^(ArrayBuffer|Promise|Response|WebAssembly\.Module)$/;

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isUrl(source)) return compile(await pageFetch!(source));
  if (kind(source) === "WebAssembly.Module") return source as WebAssembly.Module;
  if (kind(source) !== "Response") return WebAssembly.compile(source as BufferSource);
  const response = source as Response;
  if (!response.ok) throw new Error(`option \`wasm\`: HTTP status ${response.status}`);
  const isStreamable = response.headers.get("content-type") === "application/wasm";
  return isStreamable ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

function isUrl(value: unknown): value is string | URL {
  return typeof value === "string" || typeof (value as URL | null | undefined)?.href === "string";
}

function kind(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
