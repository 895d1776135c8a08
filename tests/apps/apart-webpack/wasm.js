export const wasm = new URL("tokenhold/tokenhold.wasm", import.meta.url);
