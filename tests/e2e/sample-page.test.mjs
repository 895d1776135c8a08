/** The sample page, as `npm start` serves it, with the policy that the reference backend sends. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bounded } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { packageFolder } from "./support/places.mjs";
import { everyEngine } from "./support/suite.mjs";

const flags = { www: fileURLToPath(new URL("../../www", import.meta.url)), package: packageFolder() };
const REPORTS = "/reports";
const SEEN_WITHIN_MS = 60_000;

everyEngine("the sample page", (check) => {
  const title = "it signs in, calls, revokes and signs out, in two tabs, and its policy has nothing to report";
  check(title, flags, async (world) => {
    reportViolations(world.gateway);
    const tabs = [await Page.open(world), await Page.open(world)];
    const [one, other] = tabs;
    await one.run(signIn);
    for (const tab of tabs) await tab.sees("h1", "Hello, Alice");
    await other.sees("tokenhold-inspector", "Ash signed in · token");
    await one.run(press, "burst-everywhere");
    await one.sees("#outcome", "100 calls: 100 answered 200");
    for (const tab of tabs) await tab.sees("tokenhold-inspector", "Calls200100 here.*Birch .*GET /api/me · .*200 in ");
    await other.run(press, "revoke-token");
    await one.sees("tokenhold-inspector", "Birch had the token revoked early");
    const mark = world.ledger.mark();
    await other.run(press, "refresh");
    for (const tab of tabs) await tab.sees("tokenhold-inspector", "Birch refreshed the token");
    assert.ok(world.ledger.to(REFRESH, mark).length >= 1);
    await one.run(() => /** @type {HTMLElement} */ (document.querySelector("#sign-out")).click());
    for (const tab of tabs) await tab.sees("h1", "Nobody is signed in");
    assert.equal(await one.run(() => document.title), "Ash · Nobody is signed in");

    const reported = world.ledger.to(REPORTS).map(({ body }) => String(body));
    assert.deepEqual(reported, []);
    await one.run(breakPolicy);
    await bounded(world.ledger.first(REPORTS, 0), "a report of what is against the policy");
  });
});

/** Lets the policy of every page say where browsers report what is against it. */
function reportViolations(gateway) {
  gateway.rule("/*", async (_, next) => {
    const answer = await next();
    const policy = answer.headers["content-security-policy"];
    if (policy) answer.headers["content-security-policy"] = `${policy}; report-uri ${REPORTS}`;
    return answer;
  });
  gateway.rule(REPORTS, async () => ({ status: 204, headers: {} }));
}

/** The page in a tab. Its policy lets nothing but WebDriver run a test's code in it. */
class Page {
  #browser;
  #handle;

  /** Opens it, and waits until the manager is ready. */
  static async open({ browser, gateway }) {
    const page = new Page();
    page.#browser = browser;
    page.#handle = await browser.open(`${gateway.origin}/`);
    await page.sees("h1", "Nobody is signed in|Hello");
    return page;
  }

  /** Runs `action` in the page; waits for it if it is a promise. */
  run(action, ...args) {
    const source = `return (${action})(...arguments)`;
    return this.#browser.within(this.#handle, (driver) => driver.executeScript(source, ...args));
  }

  /** Waits until `selector`'s element says what matches `words`. */
  async sees(selector, words) {
    const late = Date.now() + SEEN_WITHIN_MS;
    while (!(await this.run(said, selector, words))) {
      if (Date.now() < late) continue;
      const text = await this.run(textOf, selector);
      throw new Error(`not seen: ${words}, but ${text}`);
    }
  }
}

function signIn() {
  /** @type {HTMLInputElement} */ (document.querySelector("#password")).value = "correct horse";
  /** @type {HTMLFormElement} */ (document.querySelector("#sign-in-form")).requestSubmit();
}

function press(action) {
  /** @type {HTMLElement} */ (document.querySelector(`[data-action="${action}"]`)).click();
}

function breakPolicy() {
  const style = document.createElement("style");
  style.textContent = "h1 { color: red }";
  document.head.append(style);
}

/** Whether the element says it by now, or within five seconds. */
function said(selector, words) {
  const element = document.querySelector(selector);
  const says = () => new RegExp(words).test((element.shadowRoot ?? element).textContent);
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => says() && end(true));
    const late = setTimeout(() => end(says()), 5_000);
    const looks = { childList: true, subtree: true, characterData: true };
    for (const root of [document, element.shadowRoot]) root && observer.observe(root, looks);
    if (says()) end(true);
    function end(outcome) {
      clearTimeout(late);
      observer.disconnect();
      resolve(outcome);
    }
  });
}

function textOf(selector) {
  const element = document.querySelector(selector);
  return (element.shadowRoot ?? element).textContent;
}
