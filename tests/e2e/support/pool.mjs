/** Browsers that outlive a file of tests: to start one takes longer than most tests. */
import { Browser } from "./browser.mjs";

/** So many of an engine at a time: most of a test is waiting for a token to expire. */
const AT_ONCE = 2;

const pools = new Map();

/** A browser of `engine`, as soon as one is free, until it is given back. */
export function takeBrowser(engine) {
  if (!pools.has(engine)) pools.set(engine, new Pool(engine));
  return pools.get(engine).take();
}

export function giveBrowser(browser) {
  pools.get(browser.engine).give(browser);
}

/** Ends all that have been given back. */
export async function quitBrowsers() {
  await Promise.all([...pools.values()].map((pool) => pool.quit()));
}

class Pool {
  #engine;
  #idle = [];
  #free = AT_ONCE;
  #waiting = [];

  constructor(engine) {
    this.#engine = engine;
  }

  async take() {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return this.#idle.pop() ?? (await Browser.start(this.#engine));
    } catch (error) {
      this.#pass();
      throw error;
    }
  }

  give(browser) {
    this.#idle.push(browser);
    this.#pass();
  }

  async quit() {
    await Promise.all(this.#idle.splice(0).map((browser) => browser.quit()));
  }

  #pass() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
