/** The ways to break `src/core`, as cargo-mutants finds them. */
import { spawnSync } from "node:child_process";
import { environment } from "../common/command.mjs";
import { root } from "../common/project.mjs";
import { Trouble } from "../common/trouble.mjs";

/** All of them, numbered from 1: those in functions, and those in constants. */
export function findMutants(files) {
  const where = files.length > 0 ? files : ["src/core/**/*.rs"];
  const args = ["mutants", "--list", "--json", ...where.map((file) => `--file=${file}`)];
  const { status, stdout } = spawnSync("cargo", args, { cwd: root, env: environment(), encoding: "utf8", maxBuffer: Infinity });
  if (status !== 0) throw new Trouble(`failed (exit code ${status}): cargo ${args.join(" ")}`);
  const mutants = JSON.parse(stdout).map((mutant, index) => ({ number: index + 1, ...mutant }));
  if (mutants.length === 0) throw new Trouble(`nothing to break in ${where.join(", ")}`);
  return {
    inFunctions: mutants.filter((mutant) => mutant.function),
    inConstants: mutants.filter((mutant) => !mutant.function),
  };
}
