/** Runs the tests against each mutant. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { environment } from "../common/command.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { tree } from "./tree.mjs";
import { CHOICE } from "./weave.mjs";

/** A mutant that makes the tests wait for so much longer, but at least for so many milliseconds, has been noticed. */
const TIMES = 10;
export const AT_LEAST = 10_000;

/** A mutant that uses more memory than so many kilobytes has been noticed as well. */
const MEMORY = 6_000_000;

/** Those of the mutants in the program with which all tests pass, in this order. */
export async function survivors(program, tests, mutants) {
  const started = performance.now();
  if (!(await passes(program, tests, 0, Infinity))) throw new ScriptError(`${tests.name} fail without any mutant`);
  const limit = Math.max(AT_LEAST, TIMES * (performance.now() - started));
  const queue = [...mutants];
  const survived = new Set();
  const work = async () => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      if (await passes(program, tests, mutant.number, limit)) survived.add(mutant);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return mutants.filter((mutant) => survived.has(mutant));
}

/** Whether all tests pass with the mutant of that number; with none if it is 0. */
export function passes(program, tests, number, limit) {
  const env = { ...environment(), ...tests.env, [CHOICE]: `${number}` };
  const limited = ["-c", `ulimit -v ${MEMORY}; exec "$0" --quiet`, program];
  const child = spawn("sh", limited, { cwd: tree, env, stdio: "ignore" });
  const timer = limit < Infinity && setTimeout(() => child.kill("SIGKILL"), limit);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
