/** The surroundings of one test: its own backend behind its own gateway, and the tabs of a browser without a past. */
import { Backend } from "./backend.mjs";
import { can } from "./engines.mjs";
import { Foreign } from "./foreign.mjs";
import { Gateway } from "./gateway.mjs";
import { claimsOf } from "./jwt.mjs";
import { Tab } from "./tab.mjs";

export class World {
  tabs = [];
  #opened = 0;
  #closing = [];

  /** `flags` are the backend's, in camel case. */
  static async open(browser, flags) {
    const world = new World();
    world.browser = browser;
    world.engine = browser.engine;
    try {
      await world.#set(flags);
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /** A tab without a manager, in front. */
  async bareTab() {
    const tab = await Tab.open(this, String(++this.#opened));
    this.tabs.push(tab);
    return tab;
  }

  /** A tab with a manager that is ready, in front. */
  async tab(options) {
    const tab = await this.bareTab();
    return tab.start(options);
  }

  /** `count` tabs with managers, all hidden: a hidden tab does not refresh ahead of expiry. */
  async hiddenTabs(count, options) {
    const tabs = [];
    while (tabs.length < count) tabs.push(await this.tab(options));
    await this.hideAll();
    return tabs;
  }

  /** As {@link hiddenTabs}, signed in as `username` in the first of them. */
  async signedInTabs(count, username = "alice", options) {
    const tabs = await this.hiddenTabs(count, options);
    await tabs[0].signIn(username);
    await Promise.all(tabs.map((tab) => tab.reaches("signed-in")));
    return tabs;
  }

  /** The subject of the newest access token. */
  subject() {
    return claimsOf(this.ledger.issued.at(-1)).sub;
  }

  hideAll() {
    return this.browser.hideAll();
  }

  async closeTab(tab) {
    this.tabs = this.tabs.filter((other) => other !== tab);
    await tab.close();
  }

  /** Kills `process`, which is that of `tab`. */
  async crashTab(tab, process) {
    this.tabs = this.tabs.filter((other) => other !== tab);
    await tab.crash(process);
  }

  /** The longest that a request of any tab waited, in ms. */
  async longestWait() {
    return Math.max(0, ...(await Promise.all(this.tabs.map((tab) => tab.longestWait()))));
  }

  async closeAllTabs() {
    for (const tab of [...this.tabs]) await this.closeTab(tab);
  }

  /** A recording server at another origin. */
  async foreign() {
    const foreign = await Foreign.open(this.#scheme);
    this.#closing.push(() => foreign.close());
    return foreign;
  }

  async close() {
    for (const close of this.#closing) await close();
  }

  get #scheme() {
    return { tls: !can(this.engine, "secureCookiesOverHttp") };
  }

  async #set(flags) {
    this.gateway = await Gateway.open(this.#scheme);
    this.#closing.push(() => this.gateway.close());
    this.ledger = this.gateway.ledger;
    const backend = await Backend.start(this.gateway.origin, flags);
    this.#closing.unshift(() => backend.stop());
    this.gateway.backend = backend.url;
    await this.browser.clear(this.gateway.origin);
  }
}
