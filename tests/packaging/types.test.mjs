import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { installed } from "../apps/support/install.mjs";
import { makeProject } from "./support/project.mjs";

const source = (name) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const consumer = source("consumer.ts");
const sources = { "consumer.ts": consumer, "claims.ts": source("claims.ts") };

/** By who has them: this project, and an app that has the oldest that will do. */
const compilers = {
  "the newest TypeScript": async () => fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url)),
  "TypeScript 5.2": async () => join(await installed("oldest-typescript"), "node_modules", "typescript", "bin", "tsc"),
};

const resolutions = {
  bundler: { module: "esnext", moduleResolution: "bundler" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
};

for (const [compiler, find] of Object.entries(compilers)) {
  for (const [name, resolution] of Object.entries(resolutions)) {
    test(`a strict project can use all of it, with no library but the usual (${compiler}, ${name})`, async (context) => {
      const { status, stdout } = check(context, sources, await find(), resolution);
      assert.equal(status, 0, stdout);
    });
  }
}

test("the check itself finds a mistake", async (context) => {
  const mistaken = consumer.replace("tokens.status", "tokens.statos");
  const { status, stdout } = check(
    context,
    { "consumer.ts": mistaken },
    await compilers["the newest TypeScript"](),
    resolutions.bundler,
  );
  assert.notEqual(status, 0);
  assert.match(stdout, /statos/);
});

test("the types refer to nothing but each other", (context) => {
  const folder = join(makeProject(context), "node_modules", "tokenhold", "dist");
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(folder, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      assert.match(specifier, /^\.\.?\/[\w/-]+\.js$/, `${file} refers to ${specifier}`);
      visit(join(file, "..", specifier.replace(/\.js$/, ".d.ts")));
    }
  };
  visit("index.d.ts");
  visit("slim.d.ts");
  assert.ok(seen.size >= 2);
});

function check(context, files, compiler, resolution) {
  const strict = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const compilerOptions = { ...strict, target: "es2022", lib: ["es2022", "dom"], types: [], ...resolution };
  const folder = makeProject(context, { ...files, "tsconfig.json": JSON.stringify({ compilerOptions }) });
  return spawnSync(process.execPath, [compiler, "--project", "."], { cwd: folder, encoding: "utf8" });
}
