import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blocksOf, read } from "../docs/support/markdown.mjs";
import { built, served } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

test("docs/start.md shows what is built and served here, and by each Vite", () => {
  const [shown] = blocksOf("docs/start.md", read("docs/start.md")).filter(({ language }) => language === "ts");
  assert.equal(shown.code, `// src/tokens.ts\n${readFileSync(new URL("plain/tokens.js", import.meta.url), "utf8")}`);
});

for (const name of ["webpack", "rollup", "esbuild", "parcel"]) {
  anyEngine(`${name} bundles it with no configuration`, () =>
    built(name, "dist", { sources: ["plain", "page", name] }),
  );
}

for (const [name, build] of [
  ["vite", "build"],
  ["webpack", "build"],
  ["esbuild", "build-apart"],
]) {
  const sources = ["page", name, "apart", `apart-${name}`];
  anyEngine(`${name} puts the WebAssembly beside the script`, () => built(`apart-${name}`, "dist", { sources, build }));
}

anyEngine("parcel serves it for development with no configuration", () =>
  served("parcel", "dev", { sources: ["plain", "page", "parcel"] }),
);
