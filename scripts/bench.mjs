/**
 * `npm run bench`: how long tokenhold takes, beside what other people use; with `-- --write`, into docs/performance.md;
 * with `-- --against REF`, also beside the package of another commit.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { buildCommit, commitOf } from "./bench/another-commit.mjs";
import { build } from "./build.mjs";
import { writeFigures } from "./common/figures.mjs";
import { done, say, stopwatch } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";

await main(async () => {
  const { values } = parseArgs({
    options: { write: { type: "boolean", default: false }, against: { type: "string" } },
  });
  if (values.write && values.against) throw new ScriptError("--write: the page has no figures of another commit");
  const commit = values.against && commitOf(values.against);
  await setUpBuild();
  await setUpBrowsers();
  await build();
  const another = commit && (await buildCommit(commit));
  process.env.TOKENHOLD_DIST = dist;
  const { engines } = await import("../tests/e2e/support/engines.mjs");
  const { amounts, bench } = await import("../tests/bench/bench.mjs");
  const { report } = await import("../tests/bench/report.mjs");
  const time = stopwatch();
  const begun = (engine) => say(`measuring in ${engine}; nothing else should run`);
  const found = await bench(engines, amounts.whole, { another, begun });
  const heading = commit ? `"another commit" is ${commit}.\n\n` : "";
  const figures = `${heading}${report(found)}\n\nMeasured on ${today()}, ${availableParallelism()} × ${cpus()[0].model}.`;
  if (values.write) writeFigures("docs/performance.md", "npm run bench -- --write", figures);
  else console.log(`\n${figures}\n`);
  done(`measured in ${time()}`);
});

function today() {
  return new Date().toISOString().slice(0, "2026-01-01".length);
}
