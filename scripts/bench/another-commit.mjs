/** The package of another commit, to be measured beside this one's. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { answer, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root, target } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";

const workplace = join(target, "against");

/** The abbreviated hash of the commit that `ref` names. */
export function commitOf(ref) {
  const commit = answer("git", ["rev-parse", "--short", "--verify", "--end-of-options", `${ref}^{commit}`]);
  if (!commit) throw new ScriptError(`--against: git knows no commit ${ref}`);
  return commit;
}

/** Builds that commit as its own scripts do, once, and returns the folder of its package. */
export async function buildCommit(commit) {
  const folder = join(workplace, commit);
  const dist = join(folder, "dist");
  if (existsSync(dist)) return dist;
  say(`building ${commit}`);
  const unfinished = join(workplace, "unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await run("git", ["archive", `--output=${unfinished}.tar`, commit]);
  await run("tar", ["-xf", `${unfinished}.tar`, "-C", unfinished]);
  rmSync(`${unfinished}.tar`);
  await installIn(unfinished);
  const env = { CARGO_TARGET_DIR: join(workplace, "target") };
  await run("npm", ["run", "--silent", "build"], { cwd: unfinished, env });
  // Only now it counts as built.
  renameSync(unfinished, folder);
  return dist;
}

/** The packages that its build needs: those of this commit, if they are the same. */
async function installIn(folder) {
  const lock = (place) => readFileSync(join(place, "package-lock.json"), "utf8");
  if (lock(folder) === lock(root)) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  else await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
}
