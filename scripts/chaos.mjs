/** `npm run chaos -- --minutes 5 --engine webkit --seed 7`: random tabs in a real browser, until something is wrong. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { buildBackend } from "./build/backend.mjs";
import { done, say } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";

await main(async () => {
  const { minutes, engine, seed } = given();
  await setUpBuild();
  await setUpBrowsers();
  await build();
  process.env.TOKENHOLD_BACKEND = await buildBackend();
  process.env.TOKENHOLD_DIST = dist;
  const { engines } = await import("../tests/e2e/support/engines.mjs");
  const names = engine ? [engine] : engines;
  if (names.some((name) => !engines.includes(name))) throw new ScriptError(`--engine is one of ${engines.join(", ")}`);
  for (const name of names) await runIn(name, minutes, seed);
});

function given() {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "5" },
      engine: { type: "string" },
      seed: { type: "string", default: `${randomInt(2 ** 31)}` },
    },
  });
  const [minutes, seed] = [values.minutes, values.seed].map(Number);
  if (!(minutes > 0) || !Number.isInteger(seed))
    throw new ScriptError("--minutes is a number above 0, --seed an integer");
  return { minutes, seed, engine: values.engine };
}

async function runIn(engine, minutes, seed) {
  const { Browser } = await import("../tests/e2e/support/browser.mjs");
  const { Chaos, flags } = await import("../tests/e2e/support/chaos.mjs");
  const { World } = await import("../tests/e2e/support/world.mjs");
  say(`${minutes} minutes of chaos in ${engine}, seed ${seed}`);
  const browser = await Browser.start(engine);
  const world = await World.open(browser, flags);
  const chaos = new Chaos(world, seed);
  try {
    const figures = await chaos.run(minutes * 60_000);
    done(
      `${engine}: ${Object.entries(figures)
        .map(([name, count]) => `${name} ${count}`)
        .join(", ")}`,
    );
  } catch (error) {
    const lines = [...chaos.log.slice(-100), ...world.ledger.story()];
    throw new ScriptError(`${error.stack}\n--engine ${engine} --seed ${seed}\n${lines.join("\n")}`);
  } finally {
    await world.close();
    await browser.quit();
  }
}
