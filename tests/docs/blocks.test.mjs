import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { check } from "./support/checks/index.mjs";
import { blocksOf, pages, read } from "./support/markdown.mjs";

describe("every block of code", () => {
  const blocks = pages().flatMap((page) => blocksOf(page, read(page)));
  let complaints;
  before(async () => (complaints = await check(blocks)), { timeout: 1_800_000 });
  for (const block of blocks) {
    test(`${block.page}:${block.line} ${block.language}`, () => assert.deepEqual(complaints.get(block), []));
  }
});

describe("a block that is broken is found out", () => {
  /** @type {[language: string, code: string, expected: RegExp][]} */
  const broken = [
    [
      "ts",
      'import { createTokenManager } from "tokenhold";\nawait createTokenManager({ refrsh: "/auth/refresh" });',
      /:11: [\s\S]*refrsh/,
    ],
    ["tsx", "export const App = () => <button onClick={() => tokens.signOut()}>Sign out</button>;", /signOut/],
    ["js", 'tokens.on("signed-off", () => {});', /signed-off/],
    ["html", '<p class="a" class="b">twice</p>', /duplicate-attribute/],
    ["html", '<p>\n<script type="module">\ntokens.statos;\n</script>', /:12: .*statos/],
    ["html", '<script type="importmap">{ "imports": }</script>', /import map/],
    ["vue", "<template><p>{{ 1 + }}</p></template>", /Error/],
    ["vue", '<script setup lang="ts">\ntokens.statos;\n</script>\n<template><p /></template>', /:11: .*statos/],
    ["svelte", "{#if true}never closed", /unclosed|left open/],
    ["svelte", '<script lang="ts">\ntokens.statos;\n</script>', /:11: .*statos/],
    ["rust", "let options = tokenhold::Options::new(1);", /:10: error\[E0277\]/],
    ["py", "def broken(:\n  pass", /SyntaxError/],
    ["sh", "npm run nothing", /no script/],
    ["sh", "npm install tokenholt", /tokenholt/],
    ["sh", "npm start -- --access-tll 30s", /--access-tll/],
    ["sh", "rm -rf /", /no check/],
    ["json", '{ "a": 1, }', /JSON/],
    ["toml", '[dependencies]\naxum = "0.1"', /axum 0.1/],
    ["http", "POST /auth/refresh HTTP/1.1\nOrigin https://app.example.com", /no header/],
    ["http", "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ 1 }", /the body/],
    ["cobol", "STOP RUN.", /nobody checks/],
    ["", "what is this?", /no language/],
  ];
  const blocks = broken.map(([language, code, expected], at) => ({
    page: `broken-${at}.md`,
    line: 10,
    language,
    code: `${code}\n`,
    expected,
  }));
  let complaints;
  before(async () => (complaints = await check(blocks, "broken")), { timeout: 1_800_000 });
  for (const block of blocks) {
    test(`${block.language || "no language"}: ${block.code.split("\n")[0]}`, () => {
      assert.match(complaints.get(block).join("\n"), block.expected);
    });
  }
});
