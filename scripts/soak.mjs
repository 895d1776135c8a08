/** `npm run soak -- --minutes N [--seed S]`: random schedules for so long, new ones unless a seed is given. */
import { parseArgs } from "node:util";
import { main, ScriptError } from "./common/script-error.mjs";
import { setUpRust } from "./setup/rust.mjs";
import { simulate } from "./test/simulation.mjs";

await main(async () => {
  const { minutes, seed } = options();
  await setUpRust();
  const { code } = await simulate({ TOKENHOLD_MINUTES: minutes, TOKENHOLD_SEED: seed });
  if (code !== 0) throw new ScriptError("some schedules fail: what they are and how to store them is said above");
});

function options() {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } } });
  const { minutes, seed = `${Date.now()}000` } = values;
  for (const number of [minutes, seed]) {
    if (!/^\d+$/.test(number))
      throw new ScriptError(`${number} is no whole number: npm run soak -- --minutes 10 --seed 1`);
  }
  return { minutes, seed };
}
