/** A person with a browser at an app's page: what they see, and what they press. Every app has elements with these ids. */
import { By, until } from "selenium-webdriver";
import { Backend } from "../../e2e/support/backend.mjs";
import { bounded } from "../../e2e/support/clock.mjs";
import { can } from "../../e2e/support/engines.mjs";
import { Gateway } from "../../e2e/support/gateway.mjs";
import { LOGOUT, REFRESH } from "../../e2e/support/ledger.mjs";
import { REPORTS } from "./sites.mjs";

/** A dev server compiles at the first request. */
const WITHIN_MS = 60_000;

export class Visit {
  #browser;
  #handle;
  #closing = [];

  /** Opens the page at `path` of `site` in a new tab of `browser`, before a backend of its own; `flags` are the backend's. */
  static async to(browser, site, { path = "/", ...flags } = {}) {
    const visit = new Visit();
    visit.#browser = browser;
    try {
      await visit.#open(site, path, flags);
      return visit;
    } catch (error) {
      await visit.end();
      throw error;
    }
  }

  /** Presses the button `id`. */
  press(id) {
    return this.within(async (driver) => (await driver.wait(until.elementLocated(By.id(id)), WITHIN_MS)).click());
  }

  /** Resolves once the element `id` says `text`. */
  sees(id, text) {
    return this.within(async (driver) => {
      let seen;
      const look = async () => (seen = await driver.executeScript(textOf, id)) === text;
      await driver.wait(look, WITHIN_MS).catch(() => {
        throw new Error(`#${id} says ${JSON.stringify(seen)}, not ${JSON.stringify(text)}`);
      });
    });
  }

  /** Writes `text` into the field `id`. */
  writes(id, text) {
    return this.within(async (driver) =>
      (await driver.wait(until.elementLocated(By.id(id)), WITHIN_MS)).sendKeys(text),
    );
  }

  /** Resolves once the field `id` holds `text`. */
  holds(id, text) {
    return this.settles(`document.getElementById(${JSON.stringify(id)})?.value === ${JSON.stringify(text)}`);
  }

  /** Resolves once `expression` is true in the page. */
  settles(expression) {
    return this.within((driver) =>
      driver.wait(() => driver.executeScript(`return ${expression}`), WITHIN_MS, `not so: ${expression}`),
    );
  }

  /** Opens the page at `path` in another tab, before the same backend; that visit ends with this one. */
  async beside(path = "/") {
    const visit = new Visit();
    Object.assign(visit, { gateway: this.gateway, ledger: this.ledger });
    visit.#browser = this.#browser;
    visit.#handle = await this.#browser.open(this.gateway.origin + path);
    return visit;
  }

  /** Leaves for the page at `path`; it is loaded also if only the fragment is another one. */
  async goTo(path) {
    await this.within((driver) => driver.executeScript("history.replaceState(null, '', arguments[0])", path));
    await this.reload();
  }

  reload() {
    return this.within((driver) => driver.navigate().refresh());
  }

  /** Runs `action` with WebDriver in this tab. */
  within(action) {
    return this.#browser.within(this.#handle, action);
  }

  /** Refresh requests since `mark` (see {@link Ledger.mark}), logout requests, and what a policy has forbidden. */
  refreshes(mark) {
    return this.ledger.to(REFRESH, mark);
  }

  logouts(mark) {
    return this.ledger.to(LOGOUT, mark);
  }

  get violations() {
    return this.ledger.to(REPORTS).map(({ body }) => String(body));
  }

  /** Resolves once the policy has forbidden something of which `directive` (a pattern) does not allow it. */
  reported(directive) {
    const is = ({ body }) => directive.test(String(body ?? ""));
    return bounded(this.ledger.first(REPORTS, 0, is), `a report of ${directive}`, WITHIN_MS);
  }

  async end() {
    for (const close of this.#closing.splice(0)) await close();
  }

  async #open(site, path, flags) {
    this.gateway = await Gateway.open({ tls: !can(this.#browser.engine, "secureCookiesOverHttp"), site });
    this.#closing.push(() => this.gateway.close());
    this.ledger = this.gateway.ledger;
    const backend = await Backend.start(this.gateway.origin, flags);
    this.#closing.unshift(() => backend.stop());
    this.gateway.backend = backend.url;
    this.gateway.rule(REPORTS, async () => ({ status: 204, headers: {}, body: "" }));
    await this.#browser.clear(this.gateway.origin);
    this.#handle = await this.#browser.open(this.gateway.origin + path);
  }
}

function textOf(id) {
  return document.getElementById(id)?.textContent ?? null;
}
