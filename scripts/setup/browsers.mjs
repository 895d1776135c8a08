/** The browsers that the tests run in, and the drivers that steer them. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { find } from "../common/command.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { setUpGeckodriver } from "./cargo-tools.mjs";
import { installDebianPackages } from "./debian.mjs";

/** The programs that each engine needs: by name, or by another way to find them, with the packages that have them. */
const needed = {
  chromium: {
    chromium: { names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], debian: "chromium" },
    chromedriver: { names: ["chromedriver"], debian: "chromium-driver" },
  },
  firefox: {
    firefox: { names: ["firefox", "firefox-esr"], debian: "firefox-esr" },
  },
  webkit: {
    "WebKitGTK's WebDriver": { names: ["WebKitWebDriver"], debian: "webkit2gtk-driver" },
    "WebKitGTK's MiniBrowser": { find: miniBrowser, debian: "libwebkit2gtk-4.1-0" },
    Xvfb: { names: ["Xvfb"], debian: "xvfb" },
    "a window manager for it": { names: ["matchbox-window-manager"], debian: "matchbox-window-manager" },
  },
};

const programs = Object.assign({}, ...Object.values(needed));

/** Sets up `engines`: those of `TOKENHOLD_ENGINES` (comma separated), or all. */
export async function setUpBrowsers(engines = process.env.TOKENHOLD_ENGINES?.split(",") ?? Object.keys(needed)) {
  const unknown = engines.filter((engine) => !needed[engine]);
  if (unknown.length > 0)
    throw new ScriptError(`unknown engine ${unknown}: there are ${Object.keys(needed).join(", ")}`);
  const missing = engines.flatMap((engine) => Object.keys(needed[engine])).filter((name) => !locate(name));
  if (missing.length > 0)
    await installDebianPackages(
      missing.map((name) => programs[name].debian),
      missing.join(", "),
    );
  if (engines.includes("firefox")) await setUpGeckodriver();
}

/** The path of one of the programs above, or null. */
export function locate(name) {
  const { names, find: search = () => find(...names) } = programs[name];
  return search();
}

/** It is a part of the library's package, and not on the PATH. */
function miniBrowser() {
  const homes = ["/usr/lib", "/usr/lib64", "/usr/libexec"].filter(existsSync);
  const folders = homes.flatMap((home) => ["", ...readdirSync(home)].map((name) => join(home, name)));
  return folders.map((folder) => join(folder, "webkit2gtk-4.1", "MiniBrowser")).find(existsSync) ?? null;
}
