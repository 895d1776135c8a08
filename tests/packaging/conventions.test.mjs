/** People expect this of a package before they have read anything about it. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { typesResolve, wellFormed } from "../../scripts/release/lints.mjs";
import { makeProject, pack } from "./support/project.mjs";

/** Scripts that npm runs on the machine of anyone who installs a package. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

const conditions = ["types", "default"];

describe("the package", () => {
  const cleanUp = [];
  after(() => cleanUp.forEach((action) => action()));
  const context = { after: (action) => cleanUp.push(action) };
  const folder = makeProject(context);
  const installed = join(folder, "node_modules", "tokenhold");
  const manifest = JSON.parse(read(join(installed, "package.json")));
  const { dependencies, bundleDependencies, bundledDependencies, optionalDependencies } = manifest;
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies);
  const modules = Object.entries(manifest.exports)
    .filter(([, { default: file }]) => file?.endsWith(".js"))
    .map(([name, { default: file }]) => ({ name: `tokenhold${name.slice(1)}`, file: join(installed, file) }));

  test("publint and attw have nothing to say, of a package that is ESM only", async () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), "tokenhold-conventions-")));
    context.after(() => rmSync(place, { recursive: true }));
    const tarball = { file: join(place, pack(place).filename) };
    assert.deepEqual(await wellFormed({ manifest, tarball }), { faults: [] });
    assert.deepEqual(await typesResolve({ manifest, tarball }), { faults: [] });
  });

  test("to install it runs nothing, and brings nothing along", () => {
    assert.deepEqual(
      INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name]),
      [],
    );
    assert.ok(!existsSync(join(installed, "binding.gyp")), "npm would run node-gyp");
    assert.deepEqual(
      [dependencies, bundleDependencies, bundledDependencies, optionalDependencies],
      Array(4).fill(undefined),
    );
  });

  test("whoever does not use a framework need not have it", () => {
    assert.deepEqual(
      peers.filter((name) => !peerDependenciesMeta[name]?.optional),
      [],
    );
  });

  test("it is ESM only", () => {
    assert.equal(manifest.type, "module");
    const used = Object.values(manifest.exports)
      .filter((target) => typeof target === "object")
      .flatMap(Object.keys);
    assert.deepEqual(
      used.filter((name) => !conditions.includes(name)),
      [],
    );
    assert.deepEqual(
      readdirSync(installed, { recursive: true }).filter((file) => /\.c[jt]s$/.test(file)),
      [],
    );
    for (const { name, file } of modules) assert.doesNotMatch(read(file), /\bmodule\.exports\b|\brequire\(/, name);
  });

  test("no entry has a top-level await, which old bundlers cannot build and which holds up whoever imports it", async () => {
    // A classic script cannot have one, and esbuild says so.
    const classic = { format: "iife", packages: "external", logLevel: "silent" };
    for (const { name, file } of modules) await assert.doesNotReject(bundle(file, classic), name);
    await assert.rejects(bundle(write("awaiting.js", "await 0;"), classic), /Top-level await/);
  });

  for (const [bundler, bundled] of Object.entries({ esbuild: withEsbuild, Vite: withVite })) {
    test(`${bundler} drops what is not used`, async () => {
      assert.equal(manifest.sideEffects, false);
      for (const { name } of modules) {
        const text = await bundled(write("importing.js", `import "${name}";\nconsole.log("hello");`));
        assert.match(text, /^\s*console\.log\([`"]hello[`"]\);?\s*$/, name);
      }
    });
  }

  function write(name, text) {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  async function withEsbuild(file) {
    const { outputFiles } = await bundle(file, { format: "esm", minify: true, external: peers });
    return outputFiles[0].text;
  }

  async function withVite(file) {
    const external = (name) => peers.some((peer) => name === peer || name.startsWith(`${peer}/`));
    const build = { write: false, rollupOptions: { input: file, external } };
    const { output } = await vite.build({ root: folder, configFile: false, logLevel: "error", build });
    return output.map(({ code }) => code).join("");
  }
});

function bundle(file, options) {
  return esbuild.build({ entryPoints: [file], bundle: true, write: false, logLevel: "error", ...options });
}

function read(file) {
  return readFileSync(file, "utf8");
}
