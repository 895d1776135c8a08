/** `npm test [-- parts]`: everything, or the named parts. */
import { build } from "./build.mjs";
import { done, stopwatch } from "./common/progress.mjs";
import { main, messageOf, ScriptError } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { checkSize } from "./size.mjs";
import * as apps from "./test/apps.mjs";
import * as bench from "./test/bench.mjs";
import * as docs from "./test/docs.mjs";
import * as contract from "./test/contract.mjs";
import * as e2e from "./test/e2e.mjs";
import * as fuzz from "./test/fuzz.mjs";
import * as lint from "./test/lint.mjs";
import * as model from "./test/model.mjs";
import * as msrv from "./test/msrv.mjs";
import * as native from "./test/native.mjs";
import * as packaging from "./test/packaging.mjs";
import { add, failure, NOTHING } from "./test/tally.mjs";
import * as web from "./test/web.mjs";
import * as webkit from "./test/webkit.mjs";

const size = { test: checkSize, needsPackage: true };

/** In the order in which they run. */
const parts = { size, lint, native, fuzz, model, web, contract, packaging, apps, e2e, bench, docs, webkit, msrv };

/** Run only when they are named. */
const onDemand = ["webkit", "msrv"];

/** So many lines of what one failure says are enough to know it by. */
const LINES = 60;

await main(async () => {
  const time = stopwatch();
  const named = process.argv.slice(2);
  const names = selected(named);
  const turns = named.length === 0;
  const tallies = [await timed("set-up and build", () => prepare(names))];
  if (tallies[0].failed === 0) {
    for (const name of names) tallies.push(await timed(name, () => parts[name].test({ turns })));
  }
  const { passed, failed, faults } = add(...tallies);
  done(`${named.length > 0 ? named.join(", ") : "everything"}: ${time()}`);
  sayAgain(faults);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

function selected(names) {
  const all = Object.keys(parts);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new ScriptError(`there is no part ${unknown.join(", ")}: there are ${all.join(", ")}`);
  return all.filter((name) => (names.length > 0 ? names.includes(name) : !onDemand.includes(name)));
}

async function prepare(names) {
  await setUpBuild();
  for (const name of names) await parts[name].setUp?.();
  if (names.some((name) => parts[name].needsPackage)) await build();
}

/** Runs a part and says how it went; one that throws counts as one failure. */
async function timed(name, part) {
  console.log(`\n━━ ${name}`);
  const time = stopwatch();
  const { passed, failed, faults } = await attempt(part);
  const verdict = passed + failed > 0 ? `${passed} passed, ${failed} failed, ` : "";
  if (failed > 0) console.error(`✗ ${name}: ${verdict}${time()}`);
  else done(`${name}: ${verdict}${time()}`);
  return { passed, failed, faults: faults.map((fault) => `━━ ${name}\n${fault}`) };
}

async function attempt(part) {
  try {
    return (await part()) ?? NOTHING;
  } catch (error) {
    return failure(messageOf(error));
  }
}

/** At the end, where people look: what failed may be thousands of lines further up. */
function sayAgain(faults) {
  if (faults.length > 0) console.log("\nwhat failed:");
  for (const fault of faults) console.log(`\n${fault.split("\n").slice(0, LINES).join("\n")}`);
}
