import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeProject, pack } from "./support/project.mjs";

test("the tarball holds the build and the documents, and nothing else", (context) => {
  const folder = makeProject(context);
  const paths = pack(folder).files.map(({ path }) => path);
  const code = paths.filter((path) => path.startsWith("dist/"));
  const rest = paths.filter((path) => !path.startsWith("dist/"));
  assert.deepEqual(rest.sort(), [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "package.json",
  ]);
  assert.ok(code.includes("dist/index.d.ts"), "the types are there");
  const scripts = code.filter((path) => !path.endsWith(".d.ts"));
  assert.deepEqual(scripts, ["dist/index.js"], "one file is all that a page downloads");
});

test("the package brings no other package along", (context) => {
  const folder = makeProject(context);
  const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(installed, ["tokenhold"]);
});

test("npm and cargo know it by the same name, version and licence", () => {
  const npm = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const [crate] = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8").split("\n[workspace]");
  const field = (name) => new RegExp(`^${name} = "(.+)"$`, "m").exec(crate)?.[1];
  assert.deepEqual([npm.name, npm.version, npm.license], [field("name"), field("version"), field("license")]);
});

test("the code has no character that an editor would not show, and names no folder of the machine that built it", (context) => {
  const code = readFileSync(join(makeProject(context), "node_modules", "tokenhold", "dist", "index.js"), "utf8");
  assert.deepEqual(code.match(/[^\P{C}\n]|[^\P{Z} ]/gu) ?? [], []);
  const wasm = decodeEmbedded(code);
  for (const text of [code, wasm]) assert.doesNotMatch(text, /\/home\/|\/root\/|\/Users\/|\.cargo\//);
  assert.match(wasm, /^\0asm/);
});

/** The wasm module inside `code`, one character per byte: the only very long string there. */
function decodeEmbedded(code) {
  const [, text, shift] = /="([^"]{10000,})"[\s\S]*?\.charCodeAt\(0\)-(\d+)/.exec(code);
  return Buffer.from(Array.from(text, (letter) => letter.charCodeAt(0) - Number(shift))).toString("latin1");
}
