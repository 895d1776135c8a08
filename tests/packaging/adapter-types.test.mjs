import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeProject } from "./support/project.mjs";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const source = fixture("adapters.tsx");
const peers = ["@angular/common", "@angular/core", "@types/react", "svelte", "vue"];

test("a strict project can use every adapter, and its claims are of its own type", (context) => {
  const { status, stdout } = check(context, source);
  assert.equal(status, 0, stdout);
});

test("an app can say once, for all of them, which claims its tokens have", (context) => {
  const { status, stdout } = check(context, fixture("registered.tsx"));
  assert.equal(status, 0, stdout);
});

test("the check itself finds a mistake", (context) => {
  const { status, stdout } = check(
    context,
    source.replace("is<MyClaims | null>()(react", "is<JwtClaims | null>()(react"),
  );
  assert.notEqual(status, 0);
  assert.match(stdout, /adapters\.tsx/);
});

function fixture(name) {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

function check(context, text) {
  const folder = makeProject(context, { "adapters.tsx": text });
  for (const peer of peers) link(join(modules, peer), join(folder, "node_modules", peer));
  const strict = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--skipLibCheck",
  ];
  const target = ["--target", "es2022", "--lib", "es2023,dom,esnext.disposable", "--types", "", "--jsx", "react-jsx"];
  const args = [
    join(modules, "typescript", "bin", "tsc"),
    ...strict,
    ...target,
    "--module",
    "nodenext",
    "adapters.tsx",
  ];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
