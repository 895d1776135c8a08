import { processOf } from "./processes.mjs";

/** One tab of the app under test. Everything but `show`, `reload` and `close` works while the tab is hidden. */
export class Tab {
  /** Its name at the switchboard. */
  name;
  #browser;
  #switchboard;
  #handle;

  static async open(world, name) {
    const tab = new Tab();
    tab.name = name;
    tab.#browser = world.browser;
    tab.#switchboard = world.gateway.switchboard;
    tab.#handle = await world.browser.open(`${world.gateway.origin}/e2e/?tab=${name}`);
    await tab.#switchboard.connected(name);
    return tab;
  }

  /** A page in a private window. It has no place among the browser's tabs: it can be told things, and no more. */
  static async openPrivate(world, name) {
    const tab = new Tab();
    tab.name = name;
    tab.#switchboard = world.gateway.switchboard;
    await world.browser.openPrivately(`${world.gateway.origin}/e2e/?tab=${name}`);
    await tab.#switchboard.connected(name);
    return tab;
  }

  /** Runs `action` in the page, with `args` (JSON), and resolves with what it returns (JSON). */
  run(action, ...args) {
    return this.#switchboard.call(this.name, String(action), args);
  }

  /** As {@link run}, for an action that may take up to `ms`. */
  runWithin(ms, action, ...args) {
    return this.#switchboard.call(this.name, String(action), args, ms);
  }

  /** Creates the manager and waits for `ready`. */
  async start(options = {}) {
    await this.run((given) => start(given), options);
    await this.ready();
    return this;
  }

  ready() {
    return this.run(() => tokens.ready.then(() => {}));
  }

  /** Signs in as a demo person, by the login endpoint. */
  signIn(username) {
    return this.run((name) => signIn(name), username);
  }

  /** Sends `count` API requests at once; how many ended in which way, as `{ 200: 100 }`. */
  burst(count, path = "/api/me") {
    return this.run((many, where) => burst(many, where), count, path);
  }

  status() {
    return this.run(() => tokens.status);
  }

  /** Waits until the manager's status is `status`. */
  reaches(status) {
    return this.run((wanted) => reach(wanted), status);
  }

  /** Epoch ms at which the token expires, as the tab knows it. */
  expiresAt() {
    return this.run(() => tokens.expiresAt);
  }

  subject() {
    return this.run(() => tokens.claims?.sub);
  }

  /** The kinds of the events so far, `change` left out. */
  eventKinds() {
    return this.run(() => events.map(({ kind }) => kind).filter((kind) => kind !== "change"));
  }

  /** The fields of the events of `kind`. */
  events(kind) {
    return this.run((wanted) => events.filter((each) => each.kind === wanted).map(({ event }) => event), kind);
  }

  /** The longest that one of {@link burst}'s requests took, in ms. */
  longestWait() {
    return this.run(() => Math.round(longestWait));
  }

  show() {
    return this.#browser.show(this.#handle);
  }

  /** Resolves when the page is there to be told something, after it was left. */
  connected() {
    return this.#switchboard.connected(this.name);
  }

  hideAll() {
    return this.#browser.hideAll();
  }

  /** Loads the page anew; it has no manager then. */
  async reload() {
    await this.leave((driver) => driver.navigate().refresh());
    await this.connected();
  }

  /** Runs `action` with WebDriver, by which the page is left; {@link connected} waits for the next one of this name. */
  leave(action) {
    return this.driven((driver) => {
      this.#switchboard.expectAnother(this.name);
      return action(driver);
    });
  }

  close() {
    return this.#browser.close(this.#handle);
  }

  /** The process that runs the page, to be killed, or stopped and resumed. Nothing else may be going on meanwhile. */
  process() {
    return processOf(this, this.#browser);
  }

  /** Kills `process`, the page's, and with it every other tab that is in the same one. */
  async crash(process) {
    this.#browser.expectCrash();
    await process.kill();
  }

  /** Has the browser make the page "frozen" or "active", as it does with pages that nobody looks at. Leaves all tabs hidden. */
  async lifecycle(state) {
    await this.#devTools("Page.setWebLifecycleState", { state });
    if (state === "active") await this.connected();
  }

  /** Cuts the page off from the network, with the browser's knowledge, or connects it again. Leaves all tabs hidden. */
  async offline(offline) {
    await this.#devTools("Network.enable", {});
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.#devTools("Network.emulateNetworkConditions", conditions);
  }

  /** Makes the page's processor `times` slower. Leaves all tabs hidden. */
  async throttle(times) {
    await this.#devTools("Emulation.setCPUThrottlingRate", { rate: times });
  }

  async #devTools(command, parameters) {
    await this.driven((driver) => driver.sendDevToolsCommand(command, parameters));
    await this.hideAll();
  }

  /** Runs `action` with WebDriver in this tab, which comes to the front. */
  driven(action) {
    return this.#browser.within(this.#handle, action);
  }
}

/** `action` for all `tabs` at the same moment. */
export function inAll(tabs, action) {
  return Promise.all(tabs.map(action));
}

/** The outcomes of several bursts together. */
export function sum(tallies) {
  const total = {};
  for (const tally of tallies) {
    for (const [outcome, count] of Object.entries(tally)) total[outcome] = (total[outcome] ?? 0) + count;
  }
  return total;
}
