/** The picture in the README: it works as an image on any site, and for a screen reader. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./support/markdown.mjs";

const picture = read("docs/five-tabs.svg");

test("the picture loads nothing, runs nothing, and is small", () => {
  assert.deepEqual(faultsOf(picture), []);
});

test("the check finds a script, a link, a font and a large picture", () => {
  const spoiled = (text) => faultsOf(picture.replace("</svg>", `${text}</svg>`));
  assert.deepEqual(spoiled("<script>1</script>"), ["a script"]);
  assert.deepEqual(spoiled('<a onclick="1">x</a>'), ["a script"]);
  assert.deepEqual(spoiled('<image href="https://example.com/a.png"/>'), ["a link"]);
  assert.deepEqual(spoiled("<style>@font-face { src: url(a.woff) }</style>"), ["a link"]);
  assert.deepEqual(spoiled(" ".repeat(12_288)), ["too large"]);
});

test("the picture has a title, a description, colours for dark pages, and stands still on request", () => {
  for (const part of [/<title id="title">.+</, /<desc id="desc">.+</, /role="img" aria-labelledby="title desc"/])
    assert.match(picture, part);
  assert.match(picture, /prefers-color-scheme: dark/);
  const [still] = picture.split("@media (prefers-reduced-motion: no-preference)");
  assert.doesNotMatch(still, /animation/);
});

function faultsOf(svg) {
  const found = [];
  if (/<script|\son\w+=|javascript:/i.test(svg)) found.push("a script");
  if (/href="(?!#)|url\(|@import/i.test(svg)) found.push("a link");
  if (Buffer.byteLength(svg) >= 12 * 1024) found.push("too large");
  return found;
}
