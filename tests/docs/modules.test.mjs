/** Any bundler builds the code of the pages unchanged, even one that refuses `await` outside of functions. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { transform } from "esbuild";
import { blocksOf, pages, read } from "./support/markdown.mjs";

const loaders = { ts: "ts", tsx: "tsx", js: "js", mjs: "js", jsx: "jsx" };

/**
 * The default format of esbuild, for the language version for which Vite 6 builds.
 *
 * @type {import("esbuild").TransformOptions}
 */
const untold = { format: "iife", target: "es2020", logLevel: "silent" };
const decorated = { compilerOptions: { experimentalDecorators: true } };

/** Run by Node: the tests of an app, the fake for them, a backend. */
const inNode = /from "(vitest|tokenhold\/testing|express|ws)"/;

describe("a module of the pages needs nothing to be configured", () => {
  const blocks = pages().flatMap((page) => blocksOf(page, read(page)));
  const modules = blocks.filter(({ language, code }) => loaders[language] && !inNode.test(code));
  for (const module of modules) test(`${module.page}:${module.line}`, async () => void (await build(module)));
});

test("the check itself finds an `await` outside of functions", async () => {
  const code = 'export const tokens = await createTokenManager({ refresh: "/auth/refresh" });\n';
  await assert.rejects(build({ language: "ts", code }), /[Tt]op-level await/);
});

function build({ language, code }) {
  return transform(code, { ...untold, loader: loaders[language], tsconfigRaw: decorated });
}
