/** The same commit gives the same bytes, wherever it is built: else nobody could check what a package is made of. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { target } from "../../scripts/common/project.mjs";
import { differences } from "../../scripts/verify.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const elsewhere = join(target, "elsewhere");
const LIMIT_MS = 30 * 60_000;

test("a build in another folder, with cargo at home in another place, gives the same bytes", {
  timeout: LIMIT_MS,
}, () => {
  const project = copyOfProject();
  const env = { ...process.env, CARGO_HOME: cargoHome(), CARGO_TARGET_DIR: join(elsewhere, "target") };
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: project, env, stdio: "inherit" });
  assert.deepEqual(differences(join(project, "dist"), join(root, "dist")), []);
});

/** As it stands, without what has been built: only the dependencies are compiled once for all runs. */
function copyOfProject() {
  const project = join(elsewhere, "a-longer-name-than-here");
  rmSync(project, { recursive: true, force: true });
  for (const file of sources()) cpSync(join(root, file), join(project, file));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  return project;
}

function sources() {
  const names = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return names.split("\n").filter(Boolean);
}

/** A home for cargo with the same downloads and settings, by paths that are not those of the first build. */
function cargoHome() {
  const own = process.env.CARGO_HOME || join(homedir(), ".cargo");
  const home = join(elsewhere, "cargo");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  for (const name of readdirSync(own)) symlinkSync(join(own, name), join(home, name));
  return home;
}
