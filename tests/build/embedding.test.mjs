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

/**
 * Calls `action` where `Uint8Array.fromBase64` is this: newer browsers have it, and Node 20 has not.
 *
 * @param {((text: string) => Uint8Array) | undefined} fromBase64
 * @param {() => Uint8Array} action
 */
function having(fromBase64, action) {
  /** @type {any} */
  const Bytes = Uint8Array;
  const { fromBase64: own } = Bytes;
  try {
    Bytes.fromBase64 = fromBase64;
    return action();
  } finally {
    Bytes.fromBase64 = own;
  }
}

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
      assert.ok(bytes.equals(having(undefined, wasm)), file);
      const native = context.mock.fn((/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "base64")));
      assert.ok(bytes.equals(having(native, wasm)), file);
      assert.equal(native.mock.callCount(), 1, file);
      assert.equal(name, "a-build-name");
    }
  }
  assert.deepEqual(readFileSync(packed, "latin1").match(/[^\x20-\x7e\n]/g) ?? [], []);
});
