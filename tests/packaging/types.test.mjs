import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeProject } from "./support/project.mjs";

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
const consumer = readFileSync(new URL("fixtures/consumer.ts", import.meta.url), "utf8");

const resolutions = {
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
  nodenext: ["--module", "nodenext", "--moduleResolution", "nodenext"],
};

for (const [name, flags] of Object.entries(resolutions)) {
  test(`a strict TypeScript project can use all of it (${name})`, (context) => {
    const { status, stdout } = check(makeProject(context, { "consumer.ts": consumer }), flags);
    assert.equal(status, 0, stdout);
  });
}

test("the check itself finds a mistake", (context) => {
  const mistaken = consumer.replace("tokens.status", "tokens.statos");
  const { status, stdout } = check(makeProject(context, { "consumer.ts": mistaken }), resolutions.bundler);
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
  assert.ok(seen.size >= 1);
});

function check(folder, flags) {
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const target = ["--target", "es2022", "--lib", "es2023,dom,esnext.disposable", "--types", ""];
  const args = [compiler, ...strict, ...target, ...flags, "consumer.ts"];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}
