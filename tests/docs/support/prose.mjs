/** The prose of the project, as paragraphs: Markdown, and the doc comments of Rust and JavaScript. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./markdown.mjs";

const FOLDERS = ["backend", "examples", "fuzz", "scripts", "src", "tests", "www"];
const GENERATED = new Set(["node_modules", "target", "dist", "pkg"]);
const CODE = /\.(rs|[mc]?[jt]sx?)$/;
const SUBJECT = /(?<=^|[.!?]["')\]*_`]*\s+)[*_("'`[]*(?:Who|Whoever|What|Those who)\b/g;

/** The paths of all files with doc comments, from the project's folder on. */
export function sources() {
  return FOLDERS.flatMap((folder) => filesIn(folder)).sort();
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return GENERATED.has(entry.name) || entry.name.startsWith(".") ? [] : filesIn(path);
    return CODE.test(entry.name) ? [path] : [];
  });
}

/**
 * The line of each sentence in `paragraphs` whose subject is "Who", "Whoever", "What" or "Those who". Questions may.
 */
export function vagueSubjectsIn(paragraphs) {
  return paragraphs.flatMap(({ line, text }) =>
    [...text.matchAll(SUBJECT)]
      .filter(({ index }) => !/^[^.!?]*\?/.test(text.slice(index)))
      .map(({ index }) => line + text.slice(0, index).split("\n").length - 1),
  );
}

/** The paragraphs, list items and cells of a Markdown text. Headings, heads of tables and code are left out. */
export function paragraphsOf(markdown) {
  const found = [];
  let fence = null;
  let open = null;
  const lines = markdown.split("\n");
  lines.forEach((raw, at) => {
    const text = raw.replace(/^\s*>\s?/, "");
    const [mark] = /^\s*(`{3,}|~{3,})/.exec(text) ?? [];
    if (mark) {
      fence = fence === null ? mark.trim() : text.trim() === fence ? null : fence;
      open = null;
    } else if (fence !== null || /^\s*(#|<!--|$)/.test(text)) {
      open = null;
    } else if (text.trimStart().startsWith("|")) {
      open = null;
      if (!/^\s*\|[\s:|-]+$/.test(lines[at + 1] ?? ""))
        found.push(...text.split(/(?<!\\)\|/).map((cell) => ({ line: at + 1, text: cell.trim() })));
    } else {
      const item = /^\s*(?:[-*+]|\d+\.)\s+(?:\[[ x]\]\s+)?/.exec(text);
      if (open && !item) open.text += `\n${text.trim()}`;
      else found.push((open = { line: at + 1, text: text.slice(item?.[0].length ?? 0).trim() }));
    }
  });
  return found;
}

/**
 * The paragraphs of the doc comments in `source`: `///` and `//!` in Rust, block comments in JavaScript and TypeScript.
 */
export function commentsOf(file, source) {
  const comments = file.endsWith(".rs") ? rustComments(source) : blockComments(source);
  return comments.flatMap(({ line, text }) =>
    paragraphsOf(text).map((paragraph) => ({ ...paragraph, line: line + paragraph.line - 1 })),
  );
}

function rustComments(source) {
  const lines = source.split("\n").map((text) => /^\s*\/\/[/!] ?(?!\/)(.*)$/.exec(text)?.[1]);
  const found = [];
  lines.forEach((text, at) => {
    if (text === undefined) return;
    if (at > 0 && lines[at - 1] !== undefined) found.at(-1).text += `\n${text}`;
    else found.push({ line: at + 1, text });
  });
  return found;
}

function blockComments(source) {
  return [...source.matchAll(/(?<=^|[\s{(])\/\*\*(?=\s)(.*?)\*\//gs)].map(({ 1: text, index }) => ({
    line: source.slice(0, index).split("\n").length,
    text: text.replace(/^[ \t]*\*(?!\*) ?/gm, "").replace(/^@\w+ .*?(?=\s[A-Z])/gm, ""),
  }));
}
