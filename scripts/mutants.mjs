/** `npm run mutants [-- FILES]`: breaks `src/core` on purpose, in hundreds of ways, and counts how many the tests notice. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environment, run } from "./common/command.mjs";
import { done, say, stopwatch } from "./common/progress.mjs";
import { target } from "./common/project.mjs";
import { main, Trouble } from "./common/trouble.mjs";
import { setUpCargoMutants } from "./setup/cargo-tools.mjs";
import { setUpRust } from "./setup/rust.mjs";

/** The share that must be noticed. */
const LEAST = 0.95;

/** How many random schedules the simulation runs for each mutant. */
const SCHEDULES = "300";

await main(async () => {
  await setUpRust();
  await setUpCargoMutants();
  const time = stopwatch();
  const files = process.argv.slice(2);
  const { caught, timeout, missed, unviable } = await mutate("the unit tests", files, ["--lib"], []);
  const noticed = caught + timeout;
  const survivors = missed > 0 ? await survivorsOfSimulations(files) : [];
  const seen = missed - survivors.length;
  console.log([...survivors, `${noticed} noticed by the unit tests, ${seen} by the simulations, ${unviable} do not compile`].join("\n"));
  judge((noticed + seen) / (noticed + missed), time());
});

/** What no unit test has noticed; `--iterate` leaves the others out. */
async function survivorsOfSimulations(files) {
  await mutate("the simulations", files, ["--lib", "--test", "sim"], ["--iterate"]);
  return read("missed.txt").split("\n").filter(Boolean);
}

/** The exit code only says whether one survived. */
async function mutate(who, files, tests, flags) {
  say(`cargo mutants: what ${who} notice`);
  mkdirSync(target, { recursive: true });
  const where = files.length > 0 ? files : ["src/core/**/*.rs"];
  const options = [...where.map((file) => `--file=${file}`), ...tests.map((arg) => `--cargo-test-arg=${arg}`)];
  const started = Date.now();
  const env = { ...environment(), TOKENHOLD_SCHEDULES: SCHEDULES };
  await run("cargo", ["mutants", "--output", target, ...flags, ...options], { env }).catch((error) => {
    if (!finishedSince(started)) throw error;
  });
  return JSON.parse(read("outcomes.json"));
}

function finishedSince(moment) {
  const file = join(target, "mutants.out", "outcomes.json");
  const { end_time: end } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return Date.parse(end) >= moment;
}

function judge(share, time) {
  const verdict = `${(100 * share).toFixed(1)} % noticed, in ${time}`;
  if (!(share >= LEAST)) throw new Trouble(`${verdict}: less than ${100 * LEAST} %`);
  done(verdict);
}

function read(file) {
  return readFileSync(join(target, "mutants.out", file), "utf8");
}
