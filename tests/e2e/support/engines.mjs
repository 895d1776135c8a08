/** The browser engines: how each is started for a test. A further engine is one more entry. */
import { Builder } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";
import gecko from "selenium-webdriver/firefox.js";
import { program } from "./places.mjs";

const starters = { chromium, firefox };

/** The engines to test in, by name: `TOKENHOLD_ENGINES` (comma separated), or all of them. */
export const engines = (process.env.TOKENHOLD_ENGINES ?? Object.keys(starters).join(",")).split(",");

/** A WebDriver session in a fresh profile of `engine`. */
export async function startEngine(engine) {
  if (!starters[engine]) throw new Error(`unknown engine ${engine}: there are ${Object.keys(starters).join(", ")}`);
  const driver = await starters[engine]();
  await driver.manage().setTimeouts({ pageLoad: 30_000, script: 30_000 });
  return driver;
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
  options.setBinary(program("firefox", "firefox-esr"));
  options.addArguments("-headless");
  const service = new gecko.ServiceBuilder(program("geckodriver"));
  return new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
}
