import { randomInt } from "node:crypto";
import { Chaos, flags } from "./support/chaos.mjs";
import { everyEngine } from "./support/suite.mjs";

const FOR_MS = 20_000;
const seed = Number(process.env.TOKENHOLD_SEED ?? randomInt(2 ** 31));

everyEngine("chaos", (check, engine) => {
  check(
    `liveness: 8 tabs open, close, freeze, call and log out at random: nothing hangs, no session is lost`,
    { ...flags, allow: ["oneFlight"] },
    async (world) => {
      const chaos = new Chaos(world, seed);
      try {
        await chaos.run(FOR_MS);
      } catch (error) {
        const again = `npm run chaos -- --engine ${engine} --seed ${seed}`;
        throw new Error(`${error.message}\n${again}\n${chaos.log.slice(-100).join("\n")}`, { cause: error });
      }
    },
  );
});
