/** The tests that need no browser: the core, its simulations, and the backend. */
import { watch } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { add, ofCargo } from "./tally.mjs";
import { simulate } from "./simulation.mjs";

/** Always the same ones: `npm run soak` draws new ones. */
const SCHEDULES = 20_000;

export async function test() {
  const all = ofCargo(await watch("cargo", ["test", "--workspace", "--no-fail-fast"]));
  say(`${SCHEDULES} random schedules`);
  return add(all, ofCargo(await simulate({ TOKENHOLD_SCHEDULES: `${SCHEDULES}` })));
}
