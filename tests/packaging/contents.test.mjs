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

test("the code has no character that an editor would not show, and names no folder of the machine that built it", async (context) => {
  const file = join(makeProject(context), "node_modules", "tokenhold", "dist", "index.js");
  const code = readFileSync(file, "utf8");
  assert.deepEqual(code.match(/[^\P{C}\n]|[^\P{Z} ]/gu) ?? [], []);
  const wasm = await embedded(file, context);
  for (const text of [code, wasm]) assert.doesNotMatch(text, /\/home\/|\/root\/|\/Users\/|\.cargo\//);
  assert.match(wasm, /^\0asm/);
});

/** The WebAssembly module that the package starts, one character per byte. */
async function embedded(file, context) {
  const { createTokenManager } = await import(file);
  const instantiate = context.mock.method(WebAssembly, "instantiate", () => Promise.reject(new Error("enough")));
  globalThis.location = new URL("https://app.example");
  context.after(() => delete globalThis.location);
  await assert.rejects(createTokenManager({ refresh: "/refresh" }), { code: "wasm-failed" });
  return Buffer.from(instantiate.mock.calls[0].arguments[0]).toString("latin1");
}
