/** The npm packages that the project is built and tested with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";

/** Installs exactly what package-lock.json names, if anything of it is missing. */
export async function setUpNodePackages() {
  requireNode();
  if (installed()) return;
  say("npm ci: installing the npm packages");
  // None of them needs its install script.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]);
}

/** The oldest Node that esbuild, Vite and WebDriver all run on. */
function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major >= 22 || (major === 20 && minor >= 19)) return;
  throw new ScriptError(
    `Node ${process.versions.node} is too old: install 20.19, or 22 and newer (https://nodejs.org)`,
  );
}

function installed() {
  const wanted = packages(join(root, "package-lock.json"));
  const present = packages(join(root, "node_modules", ".package-lock.json"));
  const required = Object.entries(wanted).filter(([path, { optional }]) => path && !optional);
  return required.every(([path, { version }]) => present[path]?.version === version);
}

function packages(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, "utf8")).packages;
  } catch {
    return {};
  }
}
