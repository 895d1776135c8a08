/** The backends in docs/, taken from their pages and started; and the reference backend, which has to do the same. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { Backend } from "../../e2e/support/backend.mjs";
import { Child } from "../../e2e/support/child.mjs";
import { accepting, freePort } from "../../e2e/support/ports.mjs";
import { dependenciesOf } from "./checks/toml.mjs";
import { blocksOf, read, root } from "./markdown.mjs";
import { execute, python, workshop, write } from "./workshop.mjs";

/** By name: `start({ origin, grace, idle })`, in seconds, resolves with `{ url, stop() }`. */
export const endpoints = {
  Express: (settings) =>
    start(settings, async (source) => [process.execPath, write(own("server.mjs"), source("docs/express.md", "js"))]),
  FastAPI: (settings) =>
    start(settings, async (source) => [python(), write(own("server.py"), source("docs/fastapi.md", "py"))]),
  axum: (settings) => start(settings, async (source) => [await compiled(source("docs/axum.md", "rust"))]),
  "the reference backend": ({ origin, grace = 5, idle = 1800 }) =>
    Backend.start(origin, { reuseGrace: `${grace}s`, idle: `${idle}s` }),
};

/** A file of its own for each that is started: they may run side by side, with other constants. */
function own(name) {
  return join("endpoints", `${++started}-${name}`);
}

let started = 0;

/** Starts the program that `command` makes of a page's code, with the constants that a test wants. */
async function start({ origin, grace = 5, idle = 1800 }, command) {
  const port = await freePort();
  const changed = { PORT: ["3000", port], GRACE: ["60", grace], IDLE: ["30 \\* 60", idle] };
  const source = (page, language) => {
    const { code } = blocksOf(page, read(page)).find((block) => block.language === language);
    const adapted = Object.entries(changed).reduce(
      (text, [name, [from, to]]) => change(text, constant(name, from), `$1${to}`),
      code,
    );
    return change(adapted, /(ORIGIN\b.* = )"http:\/\/localhost:3000"/g, `$1"${origin}"`);
  };
  const [program, ...args] = await command(source);
  return launched(program, args, port);
}

function constant(name, value) {
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

/** Compiles `source` with the dependencies of its page, one after the other, and returns the program's path. */
function compiled(source) {
  compiling = compiling.then(() => compile(source));
  return compiling;
}

/** @type {Promise<unknown>} */
let compiling = Promise.resolve();

async function compile(source) {
  const page = read("docs/axum.md");
  const dependencies = dependenciesOf(blocksOf("docs/axum.md", page).find(({ language }) => language === "toml").code);
  const manifest = write(
    "endpoints/axum/Cargo.toml",
    `[package]\nname = "endpoint"\nedition = "2024"\n\n${dependencies}\n[workspace]\n`,
  );
  write("endpoints/axum/Cargo.lock", read("Cargo.lock"));
  write("endpoints/axum/src/main.rs", source);
  const where = ["--manifest-path", manifest, "--target-dir", process.env.CARGO_TARGET_DIR || join(root, "target")];
  const { code, output } = await execute("cargo", ["build", ...where, "--message-format", "json-render-diagnostics"]);
  if (code !== 0) throw new Error(output);
  const messages = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const copy = join(workshop, own("axum"));
  copyFileSync(messages.findLast(({ executable }) => executable).executable, copy);
  return copy;
}
