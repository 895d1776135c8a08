/** `npm run build`: makes the npm package in `dist/`, unless it is there and up to date. */
import { mkdirSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { makeBundle } from "./build/bundle.mjs";
import { embed } from "./build/embedding.mjs";
import { isFresh, markFresh } from "./build/freshness.mjs";
import { nameBuild, shipModule } from "./build/raw.mjs";
import { makeTab } from "./build/tab.mjs";
import { makeTypes } from "./build/types.mjs";
import { makeWasm, wasmFile } from "./build/wasm.mjs";
import { done, stopwatch } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";

export async function build() {
  if (isFresh()) return done("dist/ is up to date");
  const time = stopwatch();
  await makeWasm();
  const name = nameBuild();
  embed(wasmFile, name);
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  shipModule(name);
  await makeTab();
  await makeTypes();
  await makeBundle();
  markFresh();
  done(`dist/ is built, in ${time()}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setUpBuild();
    await build();
  });
}
