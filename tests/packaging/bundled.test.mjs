/** The output of bundlers for the package; `tests/apps` shows that browsers run it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { makeProject } from "./support/project.mjs";

test("a bundle needs one byte for each character, and can be all ASCII", async (context) => {
  const main = 'import { createTokenManager } from "tokenhold";\ncreateTokenManager({ refresh: "/auth/refresh" });\n';
  const folder = makeProject(context, { "main.js": main });
  const above = (text, limit) => [...new Set(text)].filter((character) => character > limit);
  const [ascii, utf8] = [await bundle(folder), await bundle(folder, "utf8")];
  for (const text of [ascii, utf8]) assert.ok(text.length > 100_000, "the module is inside");
  // For servers that do not say which encoding a script has.
  assert.deepEqual(above(ascii, "\x7e"), []);
  // V8 keeps a script with one character that is larger as UTF-16, all of it.
  assert.deepEqual(above(utf8, "\xff"), []);
});

test("whoever does not use it pays nothing", async (context) => {
  for (const entry of ["tokenhold", "tokenhold/slim"]) {
    const main = `import { createTokenManager } from "${entry}";\nconsole.log("hello");\n`;
    assert.equal((await bundle(makeProject(context, { "main.js": main }))).trim(), 'console.log("hello");');
  }
});

/** @param {import("esbuild").Charset} charset */
async function bundle(folder, charset = "ascii") {
  /** @type {import("esbuild").BuildOptions} */
  const options = { bundle: true, charset, format: "esm", logLevel: "warning", minify: true, write: false };
  const { outputFiles } = await build({ absWorkingDir: folder, entryPoints: ["main.js"], ...options });
  return outputFiles[0].text;
}
