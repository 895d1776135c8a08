/** Apps of other people: a copy of a folder of `tests/apps`, what its lockfile names, and the packed package in it. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const workshop = join(root, "target", "apps");
const exec = promisify(execFile);

/** The environment of an app's own scripts: nothing in it says that a test runs them, and telemetry is off. */
export const environment = {
  ...process.env,
  NODE_ENV: "",
  NODE_TEST_CONTEXT: undefined,
  NEXT_TELEMETRY_DISABLED: "1",
};

let packed;

/** The folders, by the app's name: what has been made in one may still be served, and is left alone. */
const folders = new Map();

/**
 * The folder of the app `name`, with everything installed. `sources` are the folders of `tests/apps` that it is made
 * of; files in a later one replace those in an earlier one. Packages that npm has installed stay, while the lockfile is
 * the same.
 */
export function installed(name, sources = [name]) {
  if (!folders.has(name)) folders.set(name, install(name, sources));
  return folders.get(name);
}

async function install(name, sources) {
  const folder = join(workshop, name);
  mkdirSync(folder, { recursive: true });
  const kept = isInstalled(folder, sources);
  for (const file of readdirSync(folder)) {
    if (!(kept && file === "node_modules")) rmSync(join(folder, file), { recursive: true });
  }
  for (const source of sources) cpSync(join(root, "tests", "apps", source), folder, { recursive: true });
  // Not `ci`: that refuses a lockfile that leaves out what a binary of another platform is called.
  await npm(folder, "install", "--no-save", await tarball());
  return folder;
}

/** Runs the app's own script `name`, as its author would. */
export function script(folder, name) {
  return npm(folder, "run", name);
}

/** Runs npm in `folder`, and returns what it printed; what it printed is the error's message if it fails. */
async function npm(folder, command, ...args) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel", "error"];
  const flags = command === "run" ? ["--silent"] : quiet;
  const options = { cwd: folder, env: { ...environment, CI: "1" }, maxBuffer: 1 << 26 };
  try {
    return (await exec("npm", [command, ...flags, ...args], options)).stdout;
  } catch (error) {
    throw new Error(`npm ${command} ${args.join(" ")} failed in ${folder}:\n${error.stdout}\n${error.stderr}`);
  }
}

/** The package as `npm pack` makes it of `dist/`, once for all apps. */
function tarball() {
  packed ??= pack();
  return packed;
}

async function pack() {
  mkdirSync(workshop, { recursive: true });
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", workshop], {
    cwd: root,
  });
  const report = JSON.parse(stdout);
  const [{ filename }] = Array.isArray(report) ? report : Object.values(report);
  return join(workshop, filename);
}

function isInstalled(folder, sources) {
  const wanted = sources.map((source) => lock(join(root, "tests", "apps", source))).findLast(Boolean);
  return wanted === lock(folder) && existsSync(join(folder, "node_modules"));
}

function lock(folder) {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
