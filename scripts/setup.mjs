/** `npm run setup`: installs what the project needs and this machine lacks. The other commands do it by themselves. */
import { pathToFileURL } from "node:url";
import { done, stopwatch } from "./common/progress.mjs";
import { main } from "./common/script-error.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";
import { setUpWasmBindgen, setUpWasmPack } from "./setup/cargo-tools.mjs";
import { setUpDocs } from "./setup/docs.mjs";
import { setUpNodePackages } from "./setup/node-packages.mjs";
import { setUpRust, setUpRustChecks } from "./setup/rust.mjs";

/** For `npm start` and `npm run build`. */
export async function setUpBuild() {
  await setUpNodePackages();
  await setUpRust();
  await setUpWasmBindgen();
}

/** For `npm test`. */
export async function setUpTests() {
  await setUpBuild();
  await setUpRustChecks();
  await setUpWasmPack();
  await setUpBrowsers();
  await setUpDocs();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const time = stopwatch();
    await setUpTests();
    done(`everything is installed, in ${time()}`);
  });
}
