import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { bundle } from "../../scripts/build/bundle.mjs";
import { embed } from "../../scripts/build/embedding.mjs";

/** Every byte, beside every other. */
const bytes = Buffer.from(Array.from({ length: 256 * 256 }, (_, at) => (at % 2 ? at >> 8 : at >> 1) & 255));

test("every byte comes out of the bundled package, and of an app's bundle, as it went in", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "tokenhold-build-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [wasm, embedded, packed, app] = ["a.wasm", "embedded.js", "packed.mjs", "app.mjs"].map((name) =>
    join(folder, name),
  );
  writeFileSync(wasm, bytes);
  embed(wasm, "a-build-name", embedded);
  writeFileSync(packed, await bundle({ entryPoints: [embedded], plugins: [] }));
  for (const charset of /** @type {import("esbuild").Charset[]} */ (["ascii", "utf8"])) {
    await build({ entryPoints: [packed], outfile: app, bundle: true, minify: true, format: "esm", charset });
    for (const file of [embedded, packed, app]) {
      const { wasm, build: name } = await import(`${file}?${charset}`);
      assert.ok(bytes.equals(wasm()), file);
      assert.equal(name, "a-build-name");
    }
  }
  assert.deepEqual(readFileSync(packed, "latin1").match(/[^\x20-\x7e\n]/g) ?? [], []);
});
