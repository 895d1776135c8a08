import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { contents } from "../../scripts/release/contents.mjs";
import { linksOf, read } from "../docs/support/markdown.mjs";
import { makeProject, pack } from "./support/project.mjs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("the tarball holds what can be imported, the documents, and nothing else", async (context) => {
  const folder = makeProject(context);
  const paths = pack(folder).files.map(({ path }) => path);
  assert.deepEqual(await contents({ manifest, tarball: { paths } }), { faults: [] });
  const lost = ["README.md", "docs/vue.md", "dist/errors.d.ts"];
  const spoiled = [...paths.filter((path) => !lost.includes(path)), "dist/index.js.map"];
  const { faults } = await contents({ manifest, tarball: { paths: spoiled } });
  assert.deepEqual(faults.map((fault) => fault.split(":")[0]).sort(), [
    "README.md is missing",
    "dist/errors.d.ts is missing",
    "docs/vue.md is missing",
    "nobody needs dist/index.js.map",
  ]);
});

test("no link of a document in the tarball leads out of it", (context) => {
  const paths = pack(temporary(context)).files.map(({ path }) => path);
  const pages = paths.filter((path) => path.endsWith(".md"));
  assert.ok(pages.includes("README.md") && pages.includes("docs/README.md"));
  const isThere = (path) => paths.some((each) => each === path || each.startsWith(`${path}/`));
  const outside = pages.flatMap((page) => {
    const targets = linksOf(read(page)).map(({ href }) => href.split("#")[0]);
    const files = targets.filter((target) => target && !/^[a-z]+:/.test(target));
    return files.map((target) => normalize(join(dirname(page), target))).filter((path) => !isThere(path));
  });
  assert.deepEqual(outside, []);
});

test("one file is all that a page downloads", async (context) => {
  const file = join(makeProject(context), "node_modules", "tokenhold", "dist", "index.js");
  const { metafile } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
  });
  assert.deepEqual(
    Object.values(metafile.inputs).map(({ imports }) => imports),
    [[]],
  );
});

test("what does not read `exports`, as Parcel and old TypeScript do not, finds the same files", () => {
  const { main, types, exports } = manifest;
  assert.deepEqual({ types, default: main }, exports["."]);
});

test("the package brings no other package along", (context) => {
  const folder = makeProject(context);
  const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(installed, ["tokenhold"]);
});

test("npm and cargo know it by the same name, version and licence", () => {
  const [crate] = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8").split("\n[workspace]");
  const field = (name) => new RegExp(`^${name} = "(.+)"$`, "m").exec(crate)?.[1];
  assert.deepEqual(
    [manifest.name, manifest.version, manifest.license],
    [field("name"), field("version"), field("license")],
  );
});

test("the code has no character that an editor would not show, and names no folder of the machine that built it", async (context) => {
  const file = join(makeProject(context), "node_modules", "tokenhold", "dist", "index.js");
  const code = readFileSync(file, "utf8");
  assert.deepEqual(code.match(/[^\P{C}\n]|[^\P{Z} ]/gu) ?? [], []);
  const wasm = await embedded(file, context);
  for (const text of [code, wasm]) assert.doesNotMatch(text, /\/home\/|\/root\/|\/Users\/|\.cargo\//);
  assert.match(wasm, /^\0asm/);
});

function temporary(context) {
  const folder = mkdtempSync(join(tmpdir(), "tokenhold-packaging-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The WebAssembly module that the package starts, one character per byte. */
async function embedded(file, context) {
  const { createTokenManager } = await import(file);
  const compile = context.mock.method(WebAssembly, "compile", () => Promise.reject(new Error("enough")));
  Object.assign(globalThis, { location: new URL("https://app.example") });
  context.after(() => delete globalThis.location);
  await assert.rejects(createTokenManager({ refresh: "/refresh" }), { code: "wasm-failed" });
  return Buffer.from(compile.mock.calls[0].arguments[0]).toString("latin1");
}
