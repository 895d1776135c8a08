/** The ways to break `src/core`, as cargo-mutants finds them. */
import { read } from "../common/command.mjs";
import { ScriptError } from "../common/script-error.mjs";

/** All of them, numbered from 1: those in functions, and those in constants. */
export async function findMutants(files) {
  const where = files.length > 0 ? files : ["src/core/**/*.rs"];
  const args = ["mutants", "--list", "--json", ...where.map((file) => `--file=${file}`)];
  const mutants = JSON.parse(await read("cargo", args)).map((mutant, index) => ({ number: index + 1, ...mutant }));
  if (mutants.length === 0) throw new ScriptError(`nothing to break in ${where.join(", ")}`);
  return {
    inFunctions: mutants.filter((mutant) => mutant.function),
    inConstants: mutants.filter((mutant) => !mutant.function),
  };
}
