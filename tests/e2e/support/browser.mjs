/** A browser and its tabs. A blank window, the curtain, is always there, and hides all tabs when it is in front. */
import { startEngine } from "./engines.mjs";

export class Browser {
  #driver;
  #curtain;
  #turn = Promise.resolve();

  static async start(engine) {
    const browser = new Browser();
    browser.engine = engine;
    browser.#driver = await startEngine(engine);
    browser.#curtain = await browser.#driver.getWindowHandle();
    return browser;
  }

  /** Opens `url` in a new tab, in front, and returns its handle. */
  open(url) {
    return this.#exclusively(async (driver) => {
      await driver.switchTo().newWindow("tab");
      await driver.get(url);
      return driver.getWindowHandle();
    });
  }

  /** Brings a tab to the front; all others are hidden then. */
  show(handle) {
    return this.#exclusively((driver) => driver.switchTo().window(handle));
  }

  /** Hides all tabs. */
  hideAll() {
    return this.show(this.#curtain);
  }

  /** Closes a tab, and hides the others. */
  close(handle) {
    return this.#exclusively(async (driver) => {
      await driver.switchTo().window(handle);
      await driver.close();
      await driver.switchTo().window(this.#curtain);
    });
  }

  /** Runs `action` with WebDriver in the tab `handle`, which comes to the front. */
  within(handle, action) {
    return this.#exclusively(async (driver) => {
      await driver.switchTo().window(handle);
      return action(driver);
    });
  }

  /** Closes every tab and forgets the cookies of localhost, which all its ports share. */
  clear(origin) {
    return this.#exclusively(async (driver) => {
      for (const handle of await driver.getAllWindowHandles()) {
        if (handle === this.#curtain) continue;
        await driver.switchTo().window(handle);
        await driver.close();
      }
      await driver.switchTo().window(this.#curtain);
      await driver.get(`${origin}/e2e/nothing`);
      await driver.manage().deleteAllCookies();
      await driver.get("about:blank");
    });
  }

  /** What the pages have written to the console, where the driver can tell. */
  consoleLines() {
    if (this.engine !== "chromium") return [];
    return this.#exclusively(async (driver) => {
      const entries = await driver.manage().logs().get("browser");
      return entries.map(({ message }) => message);
    });
  }

  async quit() {
    await this.#driver.quit();
  }

  // WebDriver has one current window: whoever switches to another must be alone until done.
  #exclusively(action) {
    const result = this.#turn.then(() => action(this.#driver));
    this.#turn = result.catch(() => {});
    return result;
  }
}
