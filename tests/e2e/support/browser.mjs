/** A browser and its tabs. A blank window, the curtain, is always there, and hides all tabs when it is in front. */
import { bounded } from "./clock.mjs";
import { can, startEngine } from "./engines.mjs";
import { openPrivately } from "./private-window.mjs";
import { Tabs, Windows } from "./stage.mjs";

/** No command takes so long, but a driver may hang. */
const WITHIN_MS = 40_000;

export class Browser {
  #driver;
  #curtain;
  #stage;
  #turn = Promise.resolve();
  #lost = false;

  static async start(engine) {
    const browser = new Browser();
    browser.engine = engine;
    await browser.#start();
    return browser;
  }

  /** Opens `url` in a new tab, in front, and returns its handle. */
  open(url) {
    return this.#exclusively(async (driver) => {
      const handle = await this.#stage.open();
      await driver.get(url);
      return handle;
    });
  }

  /** Opens `url` in a private window, beside all tabs. */
  openPrivately(url) {
    this.distrust();
    return this.#exclusively((driver) => openPrivately(this.engine, driver, url));
  }

  /** Brings a tab to the front; all others are hidden then. */
  show(handle) {
    return this.#exclusively(() => this.#stage.show(handle));
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
      await this.#stage.show(this.#curtain);
    });
  }

  /** Runs `action` with WebDriver in the tab `handle`, which comes to the front. */
  within(handle, action) {
    return this.#exclusively(async (driver) => {
      await this.#stage.show(handle);
      return action(driver);
    });
  }

  /**
   * A tab is about to crash. Where that ends the session with the driver, no tab can be shown, opened or closed after
   * it.
   */
  expectCrash() {
    this.#lost ||= !can(this.engine, "outliveCrashes");
  }

  /** Something has gone wrong, or is left over: {@link clear} starts another browser. */
  distrust() {
    this.#lost = true;
  }

  /** The process that all others of this browser come from. */
  get processId() {
    return this.#driver.processId;
  }

  /** Closes every tab and forgets the cookies of localhost, which all its ports share. */
  async clear(origin) {
    if (this.#lost) await this.#replace();
    return this.#exclusively(async (driver) => {
      for (const handle of await driver.getAllWindowHandles()) {
        if (handle === this.#curtain) continue;
        await driver.switchTo().window(handle);
        await driver.close();
      }
      await this.#stage.show(this.#curtain);
      await driver.get(`${origin}/e2e/nothing`);
      await driver.manage().deleteAllCookies();
      await driver.get("about:blank");
    });
  }

  /** The console messages of the pages, where the driver can tell. */
  consoleLines() {
    if (!can(this.engine, "consoleLog")) return [];
    return this.#exclusively(async (driver) => {
      const entries = await driver.manage().logs().get("browser");
      return entries.map(({ message }) => message);
    });
  }

  async quit() {
    await this.#driver.quit();
  }

  async #start() {
    this.#driver = await startEngine(this.engine);
    this.#curtain = await this.#driver.getWindowHandle();
    this.#stage = new (can(this.engine, "fronts") ? Tabs : Windows)(this.#driver);
    this.#lost = false;
  }

  async #replace() {
    await this.quit().catch(() => {});
    await this.#start();
  }

  // WebDriver has one current window: whoever switches to another must be alone until done.
  #exclusively(action) {
    const result = this.#turn.then(() => bounded(action(this.#driver), `WebDriver in ${this.engine}`, WITHIN_MS));
    this.#turn = result.catch(() => {});
    return result;
  }
}
