/** `npm run mutants [-- FILES]`: breaks `src/core` on purpose, in hundreds of ways, and counts how many the tests notice. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./common/command.mjs";
import { done, say, stopwatch } from "./common/progress.mjs";
import { root, target } from "./common/project.mjs";
import { main, Trouble } from "./common/trouble.mjs";
import { setUpCargoMutants } from "./setup/cargo-tools.mjs";
import { setUpRust } from "./setup/rust.mjs";

/** The share that must be noticed. */
const LEAST = 0.95;

await main(async () => {
  await setUpRust();
  await setUpCargoMutants();
  const time = stopwatch();
  await mutate(process.argv.slice(2));
  judge(time());
});

/** The exit code only says whether one survived: `judge` looks at how many. */
async function mutate(files) {
  say(`cargo mutants: ${files.join(", ") || "all of src/core, which takes an hour or two"}`);
  mkdirSync(target, { recursive: true });
  const only = files.flatMap((file) => ["--file", file]);
  const tests = ["--lib", ...simulations()].map((arg) => `--cargo-test-arg=${arg}`);
  await run("cargo", ["mutants", "--output", target, ...only, ...tests]).catch((error) => {
    if (!existsSync(results("outcomes.json"))) throw error;
  });
}

/** The unit tests come first, and mostly suffice; then many machines in one simulated browser. */
function simulations() {
  const names = ["group", "sim"].filter((name) => existsSync(join(root, "tests", name, "main.rs")));
  return names.flatMap((name) => ["--test", name]);
}

function judge(time) {
  const { caught, timeout, missed, total_mutants: all, unviable } = JSON.parse(readFileSync(results("outcomes.json"), "utf8"));
  const noticed = caught + timeout;
  const share = noticed / (noticed + missed);
  const survivors = readFileSync(results("missed.txt"), "utf8");
  console.log(`${survivors}${all} mutants: ${noticed} noticed, ${missed} missed, ${unviable} that do not compile`);
  const verdict = `${(100 * share).toFixed(1)} % noticed, in ${time}`;
  if (!(share >= LEAST)) throw new Trouble(`${verdict}: less than ${100 * LEAST} %`);
  done(verdict);
}

function results(file) {
  return join(target, "mutants.out", file);
}
