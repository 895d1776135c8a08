/** The style of the prose: a sentence names its actor, so its subject is not "who" or "what". */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pages, read } from "./support/markdown.mjs";
import { commentsOf, paragraphsOf, vagueSubjectsIn, sources } from "./support/prose.mjs";

test("no sentence of the Markdown files has Who, Whoever, What or Those who as its subject", () => {
  const files = pages();
  assert.ok(files.length > 20, `${files.length} files`);
  const found = files.flatMap((page) => vagueSubjectsIn(paragraphsOf(read(page))).map((line) => `${page}:${line}`));
  assert.deepEqual(found, []);
});

test("no sentence of the doc comments has one as its subject", () => {
  const files = sources();
  assert.ok(files.length > 100, `${files.length} files`);
  const found = files.flatMap((file) => vagueSubjectsIn(commentsOf(file, read(file))).map((line) => `${file}:${line}`));
  assert.deepEqual(found, []);
});

test("the check finds such sentences, by their lines", () => {
  const lines = (text) => vagueSubjectsIn(paragraphsOf(text));
  assert.deepEqual(lines("Who asks is told."), [1]);
  assert.deepEqual(
    lines("# Page\n\nOne sentence. Another\none. Whoever asks\nis told. What is right is said."),
    [4, 5],
  );
  assert.deepEqual(lines("- one\n- **What you lose**: all\n- [ ] Those who ask"), [2, 3]);
  assert.deepEqual(lines("> What counts is this."), [1]);
  assert.deepEqual(lines("| a | b |\n| - | - |\n| x | It is. What it does. |"), [3]);
  assert.deepEqual(lines("```js\nWhat\n```\nWhat now\n~~~\nWho\n~~~"), [4]);
});

test("the check passes over questions, headings, heads of tables, code, and other words", () => {
  const fine = [
    "# What it is\n\nIt is. What is it? It is that.",
    "| What | Who |\n| --- | --- |\n| is it? | me |",
    "```js\nWhat is this\n```",
    "Whatever. Whole. Those tabs. It says what is wrong. He knows who\nWho is.",
  ];
  for (const text of fine) assert.deepEqual(vagueSubjectsIn(paragraphsOf(text)), [], text);
});

test("the check reads the doc comments of each language, and no other comments", () => {
  const rust =
    "//! A file.\n\n// What is plain.\n/// A thing. What it\n/// does.\n    /// Who\nfn what() {}\n//// What\n";
  assert.deepEqual(vagueSubjectsIn(commentsOf("a.rs", rust)), [4, 6]);
  const open = "/**";
  const script = `${open} What a thing. */\nconst a = { ${open} Who. */ b: 1 };\n${open}\n * One.\n *\n * Those who.\n */\n// What\n`;
  assert.deepEqual(vagueSubjectsIn(commentsOf("a.mjs", script)), [1, 2, 6]);
  const plain = 'files("src/**/*.js", "What/**/");\n/* What */\n/** Says what. */\n/**\n * ```\n * What\n * ```\n */';
  assert.deepEqual(vagueSubjectsIn(commentsOf("a.ts", plain)), []);
});
