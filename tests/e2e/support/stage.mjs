/** Which tab is in front: all others are hidden, as the pages see it. */

/** Tabs that come to the front when WebDriver turns to them. */
export class Tabs {
  #driver;

  constructor(driver) {
    this.#driver = driver;
  }

  /** Opens a blank tab, in front, and returns its handle. */
  async open() {
    await this.#driver.switchTo().newWindow("tab");
    return this.#driver.getWindowHandle();
  }

  async show(handle) {
    await this.#driver.switchTo().window(handle);
  }
}

/** Windows in the place of tabs, of which all but the one in front are minimized. */
export class Windows {
  #driver;
  #front;

  constructor(driver) {
    this.#driver = driver;
  }

  async open() {
    await this.#minimizeFront();
    await this.#driver.switchTo().newWindow("window");
    return (this.#front = await this.#driver.getWindowHandle());
  }

  async show(handle) {
    if (handle !== this.#front) await this.#minimizeFront();
    await this.#driver.switchTo().window(handle);
    if (handle !== this.#front) await this.#driver.manage().window().setRect({ width: 800, height: 600 });
    this.#front = handle;
  }

  async #minimizeFront() {
    const open = await this.#driver.getAllWindowHandles();
    if (!open.includes(this.#front)) return;
    await this.#driver.switchTo().window(this.#front);
    await this.#driver.manage().window().minimize();
  }
}
