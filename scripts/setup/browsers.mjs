/** The browsers that the tests run in, and the drivers that steer them. */
import { find } from "../common/command.mjs";
import { setUpGeckodriver } from "./cargo-tools.mjs";
import { installDebianPackages } from "./debian.mjs";

const needed = {
  chromium: { names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], debian: "chromium" },
  chromedriver: { names: ["chromedriver"], debian: "chromium-driver" },
  firefox: { names: ["firefox", "firefox-esr"], debian: "firefox-esr" },
};

export async function setUpBrowsers() {
  const missing = Object.keys(needed).filter((name) => !locate(name));
  if (missing.length > 0) await installDebianPackages(missing.map((name) => needed[name].debian), missing.join(", "));
  await setUpGeckodriver();
}

/** The path of `"chromium"`, `"chromedriver"` or `"firefox"`. */
export function locate(name) {
  return find(...needed[name].names);
}
