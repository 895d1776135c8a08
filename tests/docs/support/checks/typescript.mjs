/**
 * `ts`, `tsx`, `js`, and the scripts in other blocks: against the package's types and those of the frameworks,
 * strictly.
 */
import { readFileSync, rmSync } from "node:fs";
import { join, posix } from "node:path";
import { root } from "../markdown.mjs";
import { execute, workshop, write } from "../workshop.mjs";

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const ambient = readFileSync(new URL("../ambient.d.ts", import.meta.url), "utf8");

const options = {
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable", "esnext.disposable"],
  types: [],
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  jsx: "react-jsx",
  allowJs: true,
  checkJs: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  // Angular's decorators are the old ones.
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
};

/** In JavaScript, nobody can say of what type a parameter is, nor that an element is there. */
const lenient = {
  noImplicitAny: false,
  strictNullChecks: false,
  exactOptionalPropertyTypes: false,
  noUncheckedIndexedAccess: false,
};

const languages = [
  { name: "ts", files: /\.[cm]?tsx?$/, options },
  { name: "js", files: /\.[cm]?jsx?$/, options: { ...options, ...lenient } },
];

/**
 * The faults of each of `scripts`, `{ block, code, line, extension }`: a list of complaints by script. The scripts of
 * one page see each other: one whose first line is a comment with a path (`// src/tokens.ts`) is imported from there.
 */
export async function checkScripts(scripts, folder = "pages") {
  rmSync(join(workshop, folder), { recursive: true, force: true });
  const files = new Map(layOut(scripts).map(({ path, script }) => [path, script]));
  for (const [path, { code }] of files) write(join(folder, path), code);
  write(join(folder, "ambient.d.ts"), ambient);
  const complaints = new Map();
  await Promise.all(languages.map((language) => compile(folder, language, files, complaints)));
  return complaints;
}

/** Adds what the compiler says of the files of a language; of those that they import, another run has to say. */
async function compile(folder, language, files, complaints) {
  const ours = [...files.keys()].filter((path) => language.files.test(path));
  if (ours.length === 0) return;
  const project = { compilerOptions: language.options, files: ["ambient.d.ts", ...ours] };
  const file = write(join(folder, `tsconfig.${language.name}.json`), JSON.stringify(project));
  const where = { cwd: join(workshop, folder) };
  const { output } = await execute(process.execPath, [compiler, "--project", file, "--pretty", "false"], where);
  // A message may go on in lines that are indented.
  for (const text of output.split(/\n(?!\s)/).filter(Boolean)) {
    const [, path, at, message] = /^(.+?)\((\d+),\d+\): (.*)$/s.exec(text.trimEnd()) ?? [];
    if (ours.includes(path)) note(complaints, files.get(path), Number(at), message);
    else if (!files.has(path)) throw new Error(`the check itself is wrong: ${text}`);
  }
}

/**
 * Where each script goes. One that has the path of an earlier one begins the page's files anew: it shows another way.
 */
function layOut(scripts) {
  const trees = new Map();
  return scripts.flatMap((script) => {
    const page = script.block.page.replace(/\.md$/, "").replaceAll("/", "-");
    const tree = trees.get(page) ?? { again: 0, files: new Map() };
    trees.set(page, tree);
    const name = nameOf(script);
    if (tree.files.has(name)) tree.again += 1;
    tree.files.set(name, script);
    const folder = tree.again === 0 ? page : `${page}-${tree.again}`;
    const needed = tree.again > 0 ? [...tree.files] : [[name, script]];
    return needed.map(([path, each]) => ({ path: posix.join(folder, path), script: each }));
  });
}

/** The path that the script's first line names, or one after its line in the page. */
function nameOf({ code, line, extension }) {
  const [, named] = /^(?:\/\/|<!--)\s*([\w@.+()[\]/-]+\.(?:[cm]?[jt]sx?))\s*(?:-->)?$/.exec(code.split("\n")[0]) ?? [];
  return named ?? `line-${line}.${extension}`;
}

function note(complaints, script, at, message) {
  const known = complaints.get(script) ?? [];
  const text = `${script.block.page}:${script.line + at - 1}: ${message}`;
  if (!known.includes(text)) complaints.set(script, [...known, text]);
}
