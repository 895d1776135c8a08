/** `npm run release`: whether all is ready for a release, and the commands that make it. It publishes nothing itself. */
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { done, say } from "./common/progress.mjs";
import { main } from "./common/script-error.mjs";
import { verdict } from "./release/verdict.mjs";
import { setUpBuild } from "./setup.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
  await setUpBuild();
  await build();
  const { examine } = await import("./release/examine.mjs");
  const examined = await examine();
  examined.results.forEach(print);
  done(verdict(examined, values["dry-run"]));
});

function print({ name, faults, due }) {
  if (faults.length > 0) console.error(`✗ ${name}:\n  ${faults.join("\n  ")}`);
  else done(name);
  for (const step of due) say(`  ${step}`);
}
