/** Other programs: finding them, running them, reading what they say. */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./project.mjs";
import { ScriptError } from "./script-error.mjs";

/** Runs a program on this terminal, in the project's folder; rejects when it fails. */
export async function run(program, args, options = {}) {
  const { code } = await finished(launch(program, args, { stdio: "inherit", ...options }), program);
  if (code !== 0) throw new ScriptError(`failed (exit code ${code}): ${[program, ...args].join(" ")}`);
}

/** Runs a program, shows what it prints, and returns that with its exit code, whatever it is. */
export function watch(program, args, options) {
  return record(program, args, options, (screen, text) => screen.write(text));
}

/** As {@link watch}, but shows nothing: for programs that run side by side. */
export function listen(program, args, options) {
  return record(program, args, options, () => {});
}

/** Runs a program that shows its progress on stderr, and returns its stdout; rejects when it fails. */
export async function read(program, args, options = {}) {
  const child = launch(program, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  const { code } = await finished(child, program);
  if (code !== 0) throw new ScriptError(`failed (exit code ${code}): ${[program, ...args].join(" ")}`);
  return Buffer.concat(chunks).toString("utf8");
}

/** The trimmed stdout of a short command, or null when it cannot be run or fails. */
export function answer(program, args, options = {}) {
  const { status, stdout } = spawnSync(program, args, {
    cwd: root,
    env: environment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    ...options,
  });
  return status === 0 ? stdout.trim() : null;
}

/** The full path of the first of `names` that is on the PATH, or null. */
export function find(...names) {
  const folders = environment().PATH.split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(executable) ?? null;
}

/** Lets the programs in `folder` be found before all others, by this process and those it starts. */
export function prefer(folder) {
  process.env.PATH = [folder, process.env.PATH].filter(Boolean).join(delimiter);
}

/** This process's environment, in which Rust is found even when the shell was opened before Rust was installed. */
export function environment() {
  const cargo = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");
  return { ...process.env, PATH: [process.env.PATH, cargo].filter(Boolean).join(delimiter) };
}

async function record(program, args, options, show) {
  const child = launch(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  for (const [stream, screen] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      show(screen, text);
    });
  }
  const { code } = await finished(child, program);
  return { code, output };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
function launch(program, args, options = {}) {
  return spawn(program, args, { cwd: root, ...options, env: { ...environment(), ...options.env } });
}

function finished(child, program) {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new ScriptError(`cannot run ${program}: ${error.message}`)));
    child.on("close", (code, signal) => resolve({ code: code ?? signal }));
  });
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
