import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { anchorsOf, linksOf, pages, read, root } from "./support/markdown.mjs";

for (const page of pages()) {
  test(`every link of ${page} leads somewhere`, () => {
    const broken = linksOf(read(page)).flatMap(({ line, href }) =>
      complaint(page, href).map((text) => `${page}:${line}: ${text}`),
    );
    assert.deepEqual(broken, []);
  });
}

test("every page of docs/ can be reached from its index", () => {
  const reached = new Set();
  const visit = (page) => {
    if (reached.has(page) || !page.endsWith(".md") || !existsSync(join(root, page))) return;
    reached.add(page);
    if (page.startsWith("docs/"))
      for (const { href } of linksOf(read(page))) if (!isAbsolute(href)) visit(place(page, href).file);
  };
  visit("docs/README.md");
  assert.deepEqual(
    pages().filter((page) => page.startsWith("docs/") && !reached.has(page)),
    [],
  );
});

test("the check itself finds what leads nowhere", () => {
  assert.deepEqual(complaint("docs/README.md", "nowhere.md"), ["there is no docs/nowhere.md"]);
  assert.deepEqual(complaint("README.md", "SERVER.md#nowhere"), ["SERVER.md has no #nowhere"]);
  assert.deepEqual(complaint("docs/README.md", "../SERVER.md#rotation"), []);
});

test("headings become anchors as on GitHub", () => {
  const text =
    "# A `code`, and *more*\n## A [link](b.md)\n## Same\n## Same\n```sh\n# not this\n```\n### What `fetch` does";
  assert.deepEqual(anchorsOf(text), ["a-code-and-more", "a-link", "same", "same-1", "what-fetch-does"]);
});

function complaint(page, href) {
  if (isAbsolute(href)) return [];
  const { file, anchor } = place(page, href);
  if (!existsSync(join(root, file))) return [`there is no ${file}`];
  if (anchor && !anchorsOf(read(file)).includes(anchor)) return [`${file} has no #${anchor}`];
  return [];
}

function place(page, href) {
  const [path, anchor] = href.split("#");
  return { file: path ? normalize(join(dirname(page), path)) : page, anchor };
}

function isAbsolute(href) {
  return /^[a-z]+:/.test(href);
}
