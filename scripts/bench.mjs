/** `npm run bench`: how long tokenhold takes, beside what other people use; with `-- --write`, into docs/performance.md. */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { writeFigures } from "./common/figures.mjs";
import { done, say, stopwatch } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  await setUpBuild();
  await setUpBrowsers();
  await build();
  process.env.TOKENHOLD_DIST = dist;
  const { engines } = await import("../tests/e2e/support/engines.mjs");
  const { amounts, bench } = await import("../tests/bench/bench.mjs");
  const { report } = await import("../tests/bench/report.mjs");
  const time = stopwatch();
  const found = await bench(engines, amounts.whole, (engine) => say(`measuring in ${engine}; nothing else should run`));
  const figures = `${report(found)}\n\nMeasured on ${today()}, ${availableParallelism()} × ${cpus()[0].model}.`;
  if (values.write) writeFigures("docs/performance.md", "npm run bench -- --write", figures);
  else console.log(`\n${figures}\n`);
  done(`measured in ${time()}`);
});

function today() {
  return new Date().toISOString().slice(0, "2026-01-01".length);
}
