/** The Markdown files of the project, and what is in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Where Markdown is written by people. */
const folders = [".", "docs", "backend"];

/** The paths of all of them, from the project's folder on. */
export function pages() {
  return folders.flatMap((folder) => {
    const files = readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .sort();
    return files.map((name) => join(folder, name));
  });
}

export function read(page) {
  return readFileSync(join(root, page), "utf8");
}

/**
 * The fenced blocks of a page's `text`: `{ page, line, language, code }`, `line` being that of the code's first line in the
 * page. A block within a quotation or a list loses what it is indented by.
 */
export function blocksOf(page, text) {
  const blocks = [];
  let open = null;
  text.split("\n").forEach((line, at) => {
    const [, indent, fence, language] = /^([\s>]*)(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    if (open && fence === open.fence && !language) {
      blocks.push({ page, line: open.line, language: open.language, code: `${open.lines.join("\n")}\n` });
      open = null;
    } else if (open) {
      open.lines.push(line.slice(open.indent.length));
    } else if (fence) {
      open = { fence, indent, language, line: at + 2, lines: [] };
    }
  });
  if (open) throw new Error(`${page}:${open.line - 1}: the block is never closed`);
  return blocks;
}

/** A page's `text` without its fenced blocks: what is left has as many lines. */
export function proseOf(text) {
  let fence = null;
  const lines = text.split("\n").map((line) => {
    const [, found] = /^[\s>]*(`{3,}|~{3,})/.exec(line) ?? [];
    const inside = fence !== null;
    if (found) fence = inside ? (found === fence ? null : fence) : found;
    return found || inside ? "" : line;
  });
  return lines.join("\n");
}

/** The links in a page's `text`, images too: `{ line, href }`. */
export function linksOf(text) {
  const found = [];
  proseOf(text)
    .split("\n")
    .forEach((line, at) => {
      const prose = line.replace(/`[^`]*`/g, "");
      for (const [, href] of prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)) found.push({ line: at + 1, href });
      for (const [, href] of prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/g)) found.push({ line: at + 1, href });
    });
  return found;
}

/** The anchors that a page's headings make, as GitHub makes them. */
export function anchorsOf(text) {
  const seen = new Map();
  const headings = proseOf(text)
    .split("\n")
    .flatMap((line) => /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1] ?? []);
  return headings.map((heading) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
