/**
 * `npm run mutants [-- FILES]`: breaks `src/core` on purpose, in hundreds of ways, and counts how many the tests notice.
 *
 * cargo-mutants says in which ways. To compile each apart takes hours, so all of them are compiled into one program,
 * which is told as which of them to run.
 */
import { done, say, stopwatch } from "./common/progress.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { compile } from "./mutants/compile.mjs";
import { findMutants } from "./mutants/find.mjs";
import { copyTree } from "./mutants/tree.mjs";
import { AT_LEAST, passes, survivors } from "./mutants/trials.mjs";
import { setUpCargoMutants } from "./setup/cargo-tools.mjs";
import { setUpRust } from "./setup/rust.mjs";

/** The share that must be noticed. */
const LEAST = 0.95;

const UNIT_TESTS = { name: "the unit tests", args: ["--profile", "mutants", "--lib"] };
const SIMULATION = {
  name: "the simulation",
  args: ["--profile", "sim", "--test", "sim"],
  env: { TOKENHOLD_SCHEDULES: "1000" },
};

await main(async () => {
  await setUpRust();
  await setUpCargoMutants();
  const time = stopwatch();
  await copyTree();
  const { inFunctions, inConstants } = await findMutants(process.argv.slice(2));
  const { viable, survived } = await surviveTogether(UNIT_TESTS, inFunctions);
  const constants = await surviveApart(UNIT_TESTS, inConstants);
  const { survived: missed } = await surviveTogether(SIMULATION, survived);
  const all = viable.length + constants.viable.length;
  const unnoticed = [...constants.survived, ...missed];
  for (const { name } of unnoticed) console.log(name);
  const byUnitTests = all - survived.length - constants.survived.length;
  console.log(
    `${all} mutants, ${byUnitTests} noticed by the unit tests, ${survived.length - missed.length} more by the simulation; ` +
      `${inFunctions.length + inConstants.length - all} others do not compile`,
  );
  judge((all - unnoticed.length) / all, time());
});

async function surviveTogether(tests, mutants) {
  say(`${mutants.length} mutants and ${tests.name}`);
  const { program, viable } = await compile(tests, mutants);
  return { viable, survived: program ? await survivors(program, tests, viable) : [] };
}

/** No running program can be told another constant: each of these mutants is a program of its own. */
async function surviveApart(tests, mutants) {
  say(`${mutants.length} mutants of constants, one by one, and ${tests.name}`);
  const all = { viable: [], survived: [] };
  for (const mutant of mutants) {
    const { program, viable } = await compile(tests, [mutant]);
    all.viable.push(...viable);
    if (program && (await passes(program, tests, 0, AT_LEAST))) all.survived.push(mutant);
  }
  return all;
}

function judge(share, time) {
  const verdict = `${(100 * share).toFixed(1)} % noticed, in ${time}`;
  if (!(share >= LEAST)) throw new ScriptError(`${verdict}: less than ${100 * LEAST} %`);
  done(verdict);
}
