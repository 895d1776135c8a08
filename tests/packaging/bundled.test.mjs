/** The output of bundlers for the package; `tests/apps` shows that browsers run it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { makeProject } from "./support/project.mjs";

test("a bundle can be all ASCII, for servers that do not say which encoding a script has", async (context) => {
  const main = 'import { createTokenManager } from "tokenhold";\ncreateTokenManager({ refresh: "/auth/refresh" });\n';
  const text = await bundle(makeProject(context, { "main.js": main }));
  assert.ok(text.length > 100_000, "the module is inside");
  assert.match(text, /^[\x20-\x7e\n]*$/);
});

test("whoever does not use it pays nothing", async (context) => {
  for (const entry of ["tokenhold", "tokenhold/slim"]) {
    const main = `import { createTokenManager } from "${entry}";\nconsole.log("hello");\n`;
    assert.equal((await bundle(makeProject(context, { "main.js": main }))).trim(), 'console.log("hello");');
  }
});

async function bundle(folder) {
  const options = { bundle: true, format: "esm", logLevel: "warning", minify: true, write: false };
  const { outputFiles } = await build({ absWorkingDir: folder, entryPoints: ["main.js"], ...options });
  return outputFiles[0].text;
}
