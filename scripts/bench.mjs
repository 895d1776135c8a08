/** `npm run bench`: how long tokenhold takes, beside what other people use; with `-- --write`, into docs/performance.md. */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { writeFigures } from "./common/figures.mjs";
import { done, say, stopwatch } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main, Trouble } from "./common/trouble.mjs";
import { setUpBuild } from "./setup.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  await setUpBuild();
  await setUpBrowsers();
  await build();
  process.env.TOKENHOLD_DIST = dist;
  const { amounts, bench, known } = await import("../tests/bench/bench.mjs");
  const { report } = await import("../tests/bench/report.mjs");
  const time = stopwatch();
  const found = await bench(selected(known), amounts.whole, (engine) => say(`measuring in ${engine}; nothing else should run`));
  const figures = `${report(found)}\n\nMeasured on ${today()}, ${availableParallelism()} × ${cpus()[0].model}.`;
  if (values.write) writeFigures("docs/performance.md", "npm run bench -- --write", figures);
  else console.log(`\n${figures}\n`);
  done(`measured in ${time()}`);
});

function selected(known) {
  const names = process.env.TOKENHOLD_ENGINES?.split(",") ?? known;
  const found = known.filter((name) => names.includes(name));
  if (found.length === 0) throw new Trouble(`TOKENHOLD_ENGINES names none of ${known.join(", ")}`);
  return found;
}

function today() {
  return new Date().toISOString().slice(0, "2026-01-01".length);
}
