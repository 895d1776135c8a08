/** SECURITY.md says how to check an installed package against a commit. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { build } from "esbuild";
import { differences, inlinedModule } from "../../scripts/verify.mjs";
import { makeProject } from "./support/project.mjs";

const own = fileURLToPath(new URL("../../dist", import.meta.url));
const script = readFileSync(join(own, "index.js"), "utf8");
const module = readFileSync(join(own, "tokenhold.wasm"));

test("the module in the script is tokenhold.wasm, byte for byte", () => {
  assert.ok(inlinedModule(script).equals(module));
});

test("it can be read out of an app's bundle as well", async (context) => {
  const main = 'import { createTokenManager } from "tokenhold";\ncreateTokenManager({ refresh: "/auth/refresh" });\n';
  const absWorkingDir = makeProject(context, { "main.js": main });
  /** @type {import("esbuild").BuildOptions} */
  const options = { absWorkingDir, entryPoints: ["main.js"], bundle: true, format: "esm", minify: true, write: false };
  const { outputFiles } = await build(options);
  assert.ok(inlinedModule(outputFiles[0].text).equals(module));
});

test("it is a plain module, which standard tools can read", () => {
  assert.ok(WebAssembly.validate(module));
  const read = binaryen.readBinary(module);
  // The module does not say any more which of WebAssembly's features it uses.
  read.setFeatures(binaryen.Features.All);
  assert.equal(read.validate(), 1);
  assert.ok(read.getNumFunctions() > 100, "the code is in functions");
  assert.match(read.emitText(), /^\(module/);
  read.dispose();
  const [named] = WebAssembly.Module.customSections(new WebAssembly.Module(module), "tokenhold");
  assert.match(Buffer.from(named).toString(), /^[\w-]{12}$/);
});

test("an installed package is what was built", (context) => {
  assert.deepEqual(differences(join(makeProject(context), "node_modules", "tokenhold", "dist"), own), []);
});

test("a package that differs in a byte, a file too many or one too few is found out", (context) => {
  const dist = join(makeProject(context), "node_modules", "tokenhold", "dist");
  const byte = script.indexOf("\\0asm") + 2000;
  const changed = script.slice(0, byte) + (script[byte] === "a" ? "b" : "a") + script.slice(byte + 1);
  writeFileSync(join(dist, "index.js"), changed);
  writeFileSync(join(dist, "added.js"), "");
  rmSync(join(dist, "slim.js"));
  assert.deepEqual(differences(dist, own), [
    "dist/slim.js is missing",
    "nothing here makes dist/added.js",
    "dist/index.js is not what this commit builds",
    "the module inside of dist/index.js is not dist/tokenhold.wasm",
  ]);
});
