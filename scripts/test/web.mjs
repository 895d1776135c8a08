/** The crate inside real browsers, by wasm-pack. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listen } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { target } from "../common/project.mjs";
import { locate, setUpBrowsers } from "../setup/browsers.mjs";
import { setUpWasmPack } from "../setup/cargo-tools.mjs";
import { add, failure, NOTHING, ofCargo } from "./tally.mjs";

/** By wasm-pack's names, and by those of the set-up: it can start no WebKit here. */
const BROWSERS = { chrome: "chromium", firefox: "firefox" };

/** In a page, and in a worker. */
export const CRATES = ["web", "web_worker"];

export async function setUp() {
  await setUpWasmPack();
  await setUpBrowsers(Object.values(BROWSERS));
}

export async function test() {
  const env = environment();
  // Side by side: most of it is waiting for browsers to start.
  return add(...(await Promise.all(Object.keys(BROWSERS).map((browser) => testIn(browser, env)))));
}

async function testIn(browser, env) {
  let total = NOTHING;
  for (const crate of CRATES) {
    const result = await runIn(browser, crate, env);
    say(`wasm-pack test: ${crate} in ${browser}`);
    process.stdout.write(result.output);
    total = add(total, ofCargo(result), absence(result, browser));
  }
  return total;
}

function runIn(browser, crate, env) {
  const args = ["test", "--headless", `--${browser}`, "--mode", "no-install"];
  return listen("wasm-pack", [...args, "--", "--features", "npm", "--test", crate, "--", "--nocapture"], { env });
}

/** One failure if the browser has run nothing: a crate that does not ask for a browser is skipped without a word. */
function absence({ output }, browser) {
  if (new RegExp(`Running headless tests in ${browser}`, "i").test(output)) return NOTHING;
  return failure(`the tests did not run in ${browser}`);
}

/** Generous limits for a busy machine, in seconds, and where this machine's browsers are. */
function environment() {
  return {
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "60",
    WASM_BINDGEN_TEST_TIMEOUT: "600",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(),
  };
}

function capabilities() {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-gpu", "--disable-quic"];
  const browsers = {
    "goog:chromeOptions": { binary: locate("chromium"), args: [...quiet, "--disable-sync", "--no-first-run"] },
    "moz:firefoxOptions": { binary: locate("firefox") },
  };
  mkdirSync(target, { recursive: true });
  const file = join(target, "webdriver.json");
  writeFileSync(file, JSON.stringify(browsers, null, 2));
  return file;
}
