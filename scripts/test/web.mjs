/** The crate inside real browsers, by wasm-pack. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listen } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { target } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { locate, setUpBrowsers } from "../setup/browsers.mjs";
import { setUpWasmPack } from "../setup/cargo-tools.mjs";
import { add, ofCargo } from "./tally.mjs";
import { webTests } from "./web-tests.mjs";

/** By wasm-pack's names, and by those of the set-up: it can start no WebKit here. */
const BROWSERS = { chrome: "chromium", firefox: "firefox" };

export async function setUp() {
  await setUpWasmPack();
  await setUpBrowsers(Object.values(BROWSERS));
}

export async function test() {
  const env = environment();
  const files = webTests();
  if (files.length === 0) throw new ScriptError("there is no tests/web_*.rs");
  // Side by side: most of it is waiting for browsers to start.
  return add(...(await Promise.all(Object.keys(BROWSERS).map((browser) => testIn(browser, files, env)))));
}

async function testIn(browser, files, env) {
  let total = { passed: 0, failed: 0 };
  for (const { name, count } of files) {
    const result = await runIn(browser, name, env);
    say(`wasm-pack test: ${name} in ${browser}, ${count} tests`);
    process.stdout.write(result.output);
    total = add(total, allOf(count, ofCargo(result)));
  }
  return total;
}

function runIn(browser, name, env) {
  const args = ["test", "--headless", `--${browser}`, "--mode", "no-install"];
  return listen("wasm-pack", [...args, "--", "--features", "npm", "--test", name, "--", "--nocapture"], { env });
}

/** A test that the browser never ran has failed: a file that does not ask for a browser is skipped without a word. */
function allOf(count, { passed, failed }) {
  if (passed + failed === count) return { passed, failed };
  console.error(`✗ the file has ${count} tests, but ${passed} passed and ${failed} failed`);
  return { passed, failed: Math.max(failed, Math.abs(count - passed), 1) };
}

/** Generous limits for a busy machine, in seconds, and where this machine's browsers are. */
function environment() {
  return {
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "60",
    WASM_BINDGEN_TEST_TIMEOUT: "120",
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
