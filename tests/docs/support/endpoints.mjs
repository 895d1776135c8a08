/** The backends in docs/, taken from their pages and started; and the reference backend, which has to do the same. */
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Backend } from "../../e2e/support/backend.mjs";
import { Child } from "../../e2e/support/child.mjs";
import { accepting, freePort } from "../../e2e/support/ports.mjs";
import { dependenciesOf } from "./checks/toml.mjs";
import { blocksOf, read, root } from "./markdown.mjs";
import { execute, python, workshop, write } from "./workshop.mjs";

/** The test file that runs. Others run beside it, with files of their own. */
const suite = basename(process.argv[1] ?? "", ".test.mjs");

/**
 * By name: the page, the language of its code, where its second part goes, which has the streams, and how to run the
 * result.
 */
const documented = {
  Express: {
    page: "docs/express.md",
    language: "js",
    extend: (code, part) => change(code, /^app\.listen\(PORT, "localhost"\);\n/gm, () => part),
    command: (code) => [process.execPath, write(own("server.mjs"), code)],
  },
  FastAPI: {
    page: "docs/fastapi.md",
    language: "py",
    extend: (code, part) => change(code, /^uvicorn\.run\(.*\n$/gm, () => part),
    command: (code) => [python(), write(own("server.py"), code)],
  },
  axum: {
    page: "docs/axum.md",
    language: "rust",
    extend: (code, part) => change(code, /^ *\.route\("\/api\/me", get\(me\)\)\n/gm, "$&.merge(streams())\n") + part,
    command: async (code, tomls) => [await compiled(code, tomls)],
  },
};

/**
 * @typedef {{ origin: string, grace?: number, idle?: number }} Settings In seconds.
 * @typedef {{ url: string, stop(): Promise<void> }} Endpoint
 */

/**
 * By name: what starts one.
 *
 * @type {Record<string, (settings: Settings) => Promise<Endpoint>>}
 */
export const endpoints = {
  ...each((name) => (settings) => start(name, 1, settings)),
  "the reference backend": ({ origin, grace = 5, idle = 1800 }) =>
    Backend.start(origin, { reuseGrace: `${grace}s`, idle: `${idle}s` }),
};

/**
 * The same with the streams, which the reference backend has not.
 *
 * @type {Record<string, (settings: Settings & { ticket?: number, beat?: number }) => Promise<Endpoint>>}
 */
export const streaming = each((name) => (settings) => start(name, 2, settings));

/**
 * @template T
 * @param {(name: string) => T} make
 */
function each(make) {
  return Object.fromEntries(Object.keys(documented).map((name) => [name, make(name)]));
}

/** A file of its own for each that is started: they may run side by side, with other constants. */
function own(name) {
  return join("endpoints", suite, `${++started}-${name}`);
}

let started = 0;

/** Starts the first part of a page, or both `parts`, with the constants that a test wants. */
async function start(name, parts, { origin, grace = 5, idle = 1800, ticket = 30, beat = 5 }) {
  const { page, language, extend, command } = documented[name];
  const blocks = blocksOf(page, read(page));
  const port = await freePort();
  const codes = blocks.filter((block) => block.language === language).map(({ code }) => code);
  const changed = { PORT: ["3000", port], GRACE: ["60", grace], IDLE: ["30 \\* 60", idle] };
  if (parts === 2) Object.assign(changed, { TICKET: ["30", ticket], BEAT: ["5", beat] });
  const adapted = Object.entries(changed).reduce(
    (text, [constant, [from, to]]) => change(text, definition(constant, from), `$1${to}`),
    parts === 2 ? extend(codes[0], codes[1]) : codes[0],
  );
  const code = change(adapted, /(ORIGIN\b.* = )"http:\/\/localhost:3000"/g, `$1"${origin}"`);
  const tomls = blocks.filter((block) => block.language === "toml").slice(0, parts);
  const [program, ...args] = await command(code, tomls);
  return launched(program, args, port);
}

function definition(name, value) {
  return new RegExp(`(\\b${name}\\b[^=\\n]* = (?:Duration::from_secs\\()?)${value}\\b`, "g");
}

function change(text, pattern, replacement) {
  if (text.match(pattern)?.length !== 1) throw new Error(`${pattern} is not there exactly once`);
  return text.replace(pattern, replacement);
}

async function launched(program, args, port) {
  const child = new Child(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  await child.ready((signal) => accepting(port, { signal }), "listening");
  return { url: `http://localhost:${port}`, stop: () => child.stop("SIGKILL") };
}

/** Compiles `code` with the dependencies in `tomls`, one after the other, and returns the program's path. */
function compiled(code, tomls) {
  compiling = compiling.then(() => compile(code, tomls));
  return compiling;
}

/** @type {Promise<unknown>} */
let compiling = Promise.resolve();

/**
 * In the versions of a lockfile of its own, because the project itself needs no WebSocket. To renew it, run `cargo update`
 * in `target/docs/endpoints/api/axum`, and copy what that makes.
 */
async function compile(code, tomls) {
  const crate = `endpoints/${suite}/axum`;
  const manifest = write(
    `${crate}/Cargo.toml`,
    `[package]\nname = "endpoint-${suite}"\nedition = "2024"\n\n[dependencies]\n${dependencies(tomls)}\n[workspace]\n`,
  );
  write(`${crate}/Cargo.lock`, read("tests/docs/Cargo.lock"));
  write(`${crate}/src/main.rs`, code);
  const where = ["--manifest-path", manifest, "--target-dir", process.env.CARGO_TARGET_DIR || join(root, "target")];
  const { code: status, output } = await execute("cargo", [
    "build",
    ...where,
    "--message-format",
    "json-render-diagnostics",
  ]);
  if (status !== 0) throw new Error(output);
  const messages = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const copy = join(workshop, own("axum"));
  copyFileSync(messages.findLast(({ executable }) => executable).executable, copy);
  return copy;
}

/** The lines of all `tomls`; of two for one crate, the later. */
function dependencies(tomls) {
  const lines = tomls.flatMap(({ code }) => dependenciesOf(code).trim().split("\n").slice(1));
  return `${[...new Map(lines.map((line) => [line.split(" ")[0], line])).values()].join("\n")}\n`;
}
