/** Private windows: outside of what WebDriver can open, so each engine has a way of its own. */
import { once } from "node:events";
import { Context } from "selenium-webdriver/firefox.js";
import { WebSocket } from "ws";

/** Opens `url` in a private window; its page is heard of over its line. */
export function openPrivately(engine, driver, url) {
  return { chromium: inNewContext, firefox: inPrivateWindow }[engine](driver, url);
}

/** Chromium: a profile without a past, as that of incognito windows, which only the browser's own socket can make. */
async function inNewContext(driver, url) {
  const { debuggerAddress } = (await driver.getCapabilities()).get("goog:chromeOptions");
  const { webSocketDebuggerUrl } = await (await fetch(`http://${debuggerAddress}/json/version`)).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, "open");
  // The browser may end while it is still being closed.
  socket.on("error", () => {});
  const { browserContextId } = await ask(socket, 1, "Target.createBrowserContext", {});
  await ask(socket, 2, "Target.createTarget", { url, browserContextId });
  socket.close();
}

async function ask(socket, id, method, params) {
  socket.send(JSON.stringify({ id, method, params }));
  const [text] = await once(socket, "message");
  const { error, result } = JSON.parse(text);
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function inPrivateWindow(driver, url) {
  await driver.setContext(Context.CHROME);
  await driver.executeAsyncScript(openPrivateWindow, url);
  await driver.setContext(Context.CONTENT);
}

/** In Firefox's own window. */
function openPrivateWindow(url, done) {
  const opened = globalThis.OpenBrowserWindow({ private: true });
  const load = () => {
    const triggeringPrincipal = globalThis.Services.scriptSecurityManager.getSystemPrincipal();
    opened.gBrowser.selectedBrowser.loadURI(globalThis.Services.io.newURI(url), { triggeringPrincipal });
    done();
  };
  opened.addEventListener("load", () => opened.delayedStartupPromise.then(load), { once: true });
}
