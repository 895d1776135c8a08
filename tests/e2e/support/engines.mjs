/** The browser engines: how each is started for a test, and what it cannot do. A further engine is one more entry. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Builder, error as errors } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";
import gecko from "selenium-webdriver/firefox.js";
import { program } from "./places.mjs";
import { startWebKit } from "./webkit.mjs";

const { SessionNotCreatedError, TimeoutError } = errors;

const starters = { chromium, firefox, webkit: startWebKit };

/** The abilities that an engine lacks, with the reason. An engine has every ability that is not listed here. */
const cannot = {
  chromium: {},
  firefox: {
    heapUsage: "has a WebDriver that does not tell the heap's size",
    lifecycle: "freezes no pages (there is no `freeze` event)",
    prerendering: "prerenders no pages",
    offline: "has a WebDriver that cannot take a page offline",
    throttling: "has a WebDriver that cannot slow a page down",
    consoleLog: "has a WebDriver without a console log",
  },
  webkit: {
    heapUsage: "has a WebDriver that does not tell the heap's size",
    lifecycle: "freezes no pages (there is no `freeze` event)",
    prerendering: "prerenders no pages",
    offline: "has a WebDriver that cannot take a page offline",
    throttling: "has a WebDriver that cannot slow a page down",
    consoleLog: "has a WebDriver without a console log",
    privateWindows: "has a WebDriver whose windows all share one session, a private one",
    secureCookiesOverHttp: "drops Secure cookies on http://localhost: its tests run over https",
    outliveCrashes: "has a WebDriver that ends the session when a page crashes: the next test has a browser of its own",
    fronts: "has a WebDriver that brings no tab to the front: each tab is a window, and minimizing it hides it",
  },
};

/** The engines to test in, by name: `TOKENHOLD_ENGINES` (comma separated), or all of them. */
export const engines = (process.env.TOKENHOLD_ENGINES ?? Object.keys(starters).join(",")).split(",");

/** Whether `engine` has `ability`, one of the names above. */
export function can(engine, ability) {
  return whyNot(engine, ability) === undefined;
}

/** The reason for which `engine` does not have `ability`. */
export function whyNot(engine, ability) {
  return cannot[engine][ability];
}

/**
 * A WebDriver session in a fresh profile of `engine`; `quit()` ends whatever was started for it, and `processId` is
 * that of the process which all others of the browser come from.
 */
export async function startEngine(engine) {
  if (!starters[engine]) throw new Error(`unknown engine ${engine}: there are ${Object.keys(starters).join(", ")}`);
  const driver = await started(starters[engine]);
  await driver.manage().setTimeouts({ pageLoad: 60_000, script: 60_000 });
  const told = await driver.getCapabilities();
  driver.processId ??= told.get("goog:processID") ?? told.get("moz:processID");
  return driver;
}

/** A driver gives its browser a minute to start. On a busy machine that may not do, and then another attempt finds more in memory. */
async function started(start, attempts = 3) {
  try {
    return await start();
  } catch (error) {
    if (attempts === 1 || !(error instanceof TimeoutError || error instanceof SessionNotCreatedError)) throw error;
    return started(start, attempts - 1);
  }
}

function chromium() {
  const options = new chrome.Options();
  options.setBinaryPath(program("chromium", "chromium-browser", "google-chrome"));
  options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run");
  options.addArguments("--disable-background-networking", "--disable-component-update", "--disable-sync");
  options.set("goog:loggingPrefs", { browser: "ALL" });
  const service = new chrome.ServiceBuilder(program("chromedriver"));
  return new Builder().forBrowser("chrome").setChromeOptions(options).setChromeService(service).build();
}

function firefox() {
  const options = new gecko.Options();
  options.setBinary(survivingFirefox(program("firefox", "firefox-esr")));
  options.addArguments("-headless");
  // Nobody looks: painting sixty times a second takes a seventh of the time that the processor has for the tests.
  options.setPreference("layout.frame_rate", 10);
  const service = new gecko.ServiceBuilder(program("geckodriver"));
  // Only the browser's own windows can open private ones.
  service.addArguments("--allow-system-access");
  return new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
}

let survivor;

/** `firefox` without the variable by which geckodriver lets the whole browser quit when one of its tabs crashes. */
function survivingFirefox(firefox) {
  if (survivor) return survivor;
  survivor = join(mkdtempSync(join(tmpdir(), "tokenhold-")), "firefox");
  writeFileSync(survivor, `#!/bin/sh\nunset MOZ_CRASHREPORTER_SHUTDOWN\nexec '${firefox}' "$@"\n`, { mode: 0o755 });
  process.once("exit", () => rmSync(dirname(survivor), { recursive: true, force: true }));
  return survivor;
}
