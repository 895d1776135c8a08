/** WebKitGTK's MiniBrowser under its own WebDriver, on a screen that nobody sees. */
import { once } from "node:events";
import { Builder, Capabilities } from "selenium-webdriver";
import { Child } from "./child.mjs";
import { bounded } from "./clock.mjs";
import { miniBrowser, program } from "./places.mjs";
import { accepting, freePort } from "./ports.mjs";

/** A session whose `quit()` also ends the driver, the screen and its window manager. */
export async function startWebKit() {
  const children = [];
  const launch = (name, args, options) => {
    const child = new Child(program(name), args, { stdio: "ignore", ...options });
    children.unshift(child);
    return child;
  };
  const stop = async () => {
    for (const child of children.splice(0)) await child.stop("SIGKILL");
  };
  try {
    const env = { ...process.env, DISPLAY: await screen(launch) };
    // Without a window manager no window can be minimized, and so no tab be hidden.
    launch("matchbox-window-manager", ["-use_titlebar", "no"], { env });
    const port = await freePort("127.0.0.1");
    const driver = launch("WebKitWebDriver", [`--port=${port}`], { env });
    await driver.ready((signal) => accepting(port, { host: "127.0.0.1", signal }), "listening");
    return Object.assign(quitting(await session(`http://127.0.0.1:${port}`), stop), { processId: driver.pid });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function screen(launch) {
  const args = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const child = launch("Xvfb", args, { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await child.ready(() => once(child.stdout, "data"), "a screen");
  return `:${String(number).trim()}`;
}

function session(url) {
  const capabilities = new Capabilities({
    browserName: "MiniBrowser",
    acceptInsecureCerts: true,
    "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
  });
  return new Builder().usingServer(url).withCapabilities(capabilities).build();
}

function quitting(driver, stop) {
  const quit = driver.quit.bind(driver);
  driver.quit = () => bounded(quit(), "the browser's end").finally(stop);
  return driver;
}
