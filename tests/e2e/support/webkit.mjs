/** WebKitGTK's MiniBrowser under its own WebDriver, on a screen that nobody sees. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Builder, Capabilities } from "selenium-webdriver";
import { bounded } from "./clock.mjs";
import { miniBrowser, program } from "./places.mjs";
import { freePort } from "./ports.mjs";

/** A session whose `quit()` also ends the driver, the screen and its window manager. */
export async function startWebKit() {
  const children = [];
  const stop = () => {
    process.off("exit", stop);
    for (const child of children.splice(0).reverse()) child.kill("SIGKILL");
  };
  process.once("exit", stop);
  const launch = (...given) => children[children.push(launched(...given)) - 1];
  try {
    const env = { ...process.env, DISPLAY: await screen(launch) };
    // Without a window manager no window can be minimized, and so no tab be hidden.
    launch("matchbox-window-manager", ["-use_titlebar", "no"], { env });
    const driver = await session(await listening(launch, env));
    return Object.assign(quitting(driver, stop), { processId: children.at(-1).pid });
  } catch (error) {
    stop();
    throw error;
  }
}

function launched(name, args, options) {
  return spawn(program(name), args, { stdio: "ignore", ...options });
}

async function screen(launch) {
  const args = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const { stdout } = launch("Xvfb", args, { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await bounded(once(stdout, "data"), "an X screen");
  return `:${String(number).trim()}`;
}

async function listening(launch, env) {
  const url = `http://127.0.0.1:${await freePort("127.0.0.1")}`;
  launch("WebKitWebDriver", [`--port=${new URL(url).port}`], { env });
  const answers = async () => {
    while (!(await fetch(`${url}/status`).catch(() => null))) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await bounded(answers(), "WebKitWebDriver listening");
  return url;
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
