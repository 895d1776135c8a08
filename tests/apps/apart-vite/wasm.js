export { default as wasm } from "tokenhold/tokenhold.wasm?url";
