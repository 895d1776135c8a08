/** `sh`: the programs that are called have the scripts, the flags and the packages that are named. Nothing is run but `--help`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backendBinary } from "../../../e2e/support/places.mjs";
import { root } from "../markdown.mjs";
import { execute } from "../workshop.mjs";

const projects = [".", "tests/docs", "tests/apps/vitest"];
const manifests = projects.map((folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")));
const [own] = manifests;

/** Packages that people install beside tokenhold, and the tests as well. */
const npmPackages = manifests.flatMap((each) =>
  Object.keys({ [own.name]: "", ...each.dependencies, ...each.devDependencies }),
);
const pythonPackages = names(join(root, "tests", "docs", "requirements.txt"), /^([\w-]+)==/gm);
const crates = names(join(root, "Cargo.lock"), /^name = "(.+)"$/gm);

/**
 * By the beginning of the command: what is wrong with the rest of it.
 *
 * @type {[RegExp, (...parts: string[]) => string[] | Promise<string[]>][]}
 */
const commands = [
  [/^npm (?:install|i|add)\b(.*)/, (rest) => npmInstall(words(rest))],
  [/^npm (?:run )?([\w:]+)(?: -- (.*))?$/, (script, flags) => npmScript(script, flags)],
  [/^cargo run -p tokenhold-backend(?: -- (.*))?$/, (flags = "") => backendFlags(flags)],
  [/^cargo add (.*)/, (rest) => unknown(words(rest), crates, "Cargo.lock")],
  [/^cargo (?:run|build|test|new)\b(.*)/, () => []],
  [/^pip install (.*)/, (rest) => unknown(words(rest), pythonPackages, "tests/docs/requirements.txt")],
  [/^(?:node|python) (\S+)$/, () => []],
  [/^git (?:clone|checkout|add|commit|tag|push)\b/, () => []],
];

export async function checkShell(code) {
  const lines = code
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    );
  const found = [];
  for (const line of lines.filter((each) => each && !each.startsWith("#"))) {
    found.push(...(await lineComplaints(line)).map((text) => `${line}: ${text}`));
  }
  return found;
}

function lineComplaints(line) {
  for (const [pattern, complaints] of commands) {
    const match = pattern.exec(line);
    if (match) return complaints(...match.slice(1));
  }
  return ["no check knows this command"];
}

function npmInstall(args) {
  return unknown(
    args.map((name) => name.replace(/(?<=.)@[\w.^~-]+$/, "")),
    npmPackages,
    `the package.json of ${projects.join(", ")}`,
  );
}

async function npmScript(script, flags = "") {
  if (!own.scripts[script]) return [`package.json has no script ${script}`];
  return script === "start" ? backendFlags(flags) : [];
}

/** `npm start` passes its flags on. */
async function backendFlags(text) {
  const flags = words(text, /^--/).map((flag) => flag.split("=")[0]);
  if (flags.length === 0) return [];
  const { output } = await execute(backendBinary(), ["--help"]);
  return flags.filter((flag) => !new RegExp(`${flag}\\b`).test(output)).map((flag) => `the backend has no ${flag}`);
}

function unknown(given, known, where) {
  return given.filter((name) => !known.includes(name)).map((name) => `${name} is not in ${where}`);
}

function words(text, wanted = /^[^-]/) {
  return text.split(/\s+/).filter((word) => wanted.test(word));
}

function names(file, pattern) {
  if (!existsSync(file)) return [];
  return [...readFileSync(file, "utf8").matchAll(pattern)].map(([, name]) => name);
}
