/** `rust`: compiled for browsers, against the crate. The backend of docs/axum.md is run: see endpoints.test.mjs. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../markdown.mjs";
import { execute, workshop, write } from "../workshop.mjs";

/** In the versions of Cargo.lock. To cargo, two crates of one name in one target folder are the same. */
const manifest = (name) => `[package]
name = "${name}"
version = "0.0.0"
edition = "2024"

[dependencies]
tokenhold = { path = ${JSON.stringify(root)} }
js-sys = "0.3"
wasm-bindgen = "0.2"
wasm-bindgen-futures = "0.4"
web-sys = { version = "0.3", features = ["Response"] }

[workspace]
`;

/** What `?` makes of the errors in a piece of code that is no whole function. */
const failed = `pub struct Failed;
impl From<tokenhold::Error> for Failed { fn from(_: tokenhold::Error) -> Self { Self } }
impl From<tokenhold::FetchError> for Failed { fn from(_: tokenhold::FetchError) -> Self { Self } }
impl From<wasm_bindgen::JsValue> for Failed { fn from(_: wasm_bindgen::JsValue) -> Self { Self } }
`;

export async function checkRust(blocks, folder = "pages") {
  const ours = blocks.filter(({ code }) => !/^use axum/m.test(code));
  if (ours.length === 0) return new Map();
  const crate = `${folder}-rust`;
  write(join(crate, "Cargo.toml"), manifest(folder));
  copyFileSync(join(root, "Cargo.lock"), join(workshop, crate, "Cargo.lock"));
  const modules = new Map(ours.map((block, at) => [`block_${at}`, { block, ...wrapped(block.code) }]));
  for (const [name, { text }] of modules) write(join(crate, "src", `${name}.rs`), text);
  write(
    join(crate, "src", "lib.rs"),
    `#![allow(unused)]\n${failed}${[...modules.keys()].map((name) => `mod ${name};\n`).join("")}`,
  );
  return sorted(await compile(crate), modules);
}

/** A block that is no file of its own is the inside of a function. */
function wrapped(code) {
  if (/^(?:pub )?(?:async )?fn /m.test(code)) return { text: code, before: 0 };
  return { text: `pub async fn block() -> Result<(), crate::Failed> {\n${code}Ok(())\n}\n`, before: 1 };
}

function compile(crate) {
  const target = process.env.CARGO_TARGET_DIR || join(root, "target");
  const where = [
    "--manifest-path",
    join(workshop, crate, "Cargo.toml"),
    "--target-dir",
    target,
    "--target",
    "wasm32-unknown-unknown",
  ];
  return execute("cargo", ["check", "--message-format", "short", ...where]);
}

function sorted({ code, output }, modules) {
  const complaints = new Map();
  for (const [, name, at, message] of output.matchAll(/(block_\d+)\.rs:(\d+):\d+: (error.*)$/gm)) {
    const { block, before } = modules.get(name);
    const text = `${block.page}:${block.line + Number(at) - 1 - before}: ${message}`;
    complaints.set(block, [...(complaints.get(block) ?? []), text]);
  }
  if (code !== 0 && complaints.size === 0) throw new Error(`the check itself is wrong: ${output}`);
  return complaints;
}
