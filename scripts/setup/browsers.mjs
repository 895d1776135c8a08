/** The browsers that the tests run in, and the drivers that steer them. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { find } from "../common/command.mjs";
import { setUpGeckodriver } from "./cargo-tools.mjs";
import { installDebianPackages } from "./debian.mjs";

const usual = {
  chromium: { names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], debian: "chromium" },
  chromedriver: { names: ["chromedriver"], debian: "chromium-driver" },
  firefox: { names: ["firefox", "firefox-esr"], debian: "firefox-esr" },
};

const forWebKit = {
  "WebKitGTK's WebDriver": { names: ["WebKitWebDriver"], debian: "webkit2gtk-driver" },
  "WebKitGTK's MiniBrowser": { find: miniBrowser, debian: "libwebkit2gtk-4.1-0" },
  Xvfb: { names: ["Xvfb"], debian: "xvfb" },
  "a window manager for it": { names: ["matchbox-window-manager"], debian: "matchbox-window-manager" },
};

const needed = { ...usual, ...forWebKit };

/** Sets up Chromium and Firefox. */
export async function setUpBrowsers() {
  await setUpAll(usual);
}

/** Sets up WebKit as well. */
export async function setUpWebKit() {
  await setUpAll(needed);
}

async function setUpAll(programs) {
  const missing = Object.keys(programs).filter((name) => !locate(name));
  if (missing.length > 0) await installDebianPackages(missing.map((name) => needed[name].debian), missing.join(", "));
  await setUpGeckodriver();
}

/** The path of one of the programs above, or null. */
export function locate(name) {
  const { names, find: search = () => find(...names) } = needed[name];
  return search();
}

/** It is a part of the library's package, and not on the PATH. */
function miniBrowser() {
  const homes = ["/usr/lib", "/usr/lib64", "/usr/libexec"].filter(existsSync);
  const folders = homes.flatMap((home) => ["", ...readdirSync(home)].map((name) => join(home, name)));
  return folders.map((folder) => join(folder, "webkit2gtk-4.1", "MiniBrowser")).find(existsSync) ?? null;
}
