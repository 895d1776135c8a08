/** The sample page, as `npm start` serves it, with the policy that the reference backend sends. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bounded } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { packageFolder } from "./support/places.mjs";
import { everyEngine } from "./support/suite.mjs";

const flags = { www: fileURLToPath(new URL("../../www", import.meta.url)), package: packageFolder() };
const REPORTS = "/reports";

everyEngine("the sample page", (check) => {
  check(
    "it signs in, calls, revokes and signs out, in two tabs, and its policy has nothing to report",
    flags,
    async (world) => {
      reportViolations(world.gateway);
      const [one, other] = [await open(world), await open(world)];
      await one(signIn);
      for (const page of [one, other]) await page(until, "h1", "Hello, Alice");
      await other(until, "tokenhold-inspector", "was handed the token by a sibling");
      await one(press, "burst-everywhere");
      for (const page of [one, other]) await page(until, "tokenhold-inspector", "100 × GET /api/me · 100 × 200");
      await other(press, "revoke-token");
      await one(until, "tokenhold-inspector", "had the token revoked early");
      const refreshes = world.ledger.to(REFRESH).length;
      await other(press, "refresh");
      for (const page of [one, other]) await page(until, "tokenhold-inspector", "Birch refreshed the token");
      assert.equal(world.ledger.to(REFRESH).length, refreshes + 1);
      await one(() => document.querySelector("#sign-out").click());
      for (const page of [one, other]) await page(until, "h1", "Nobody is signed in");
      assert.deepEqual(await one(() => document.title), "Ash · Nobody is signed in");

      const reported = world.ledger.to(REPORTS).map(({ body }) => String(body));
      assert.deepEqual(reported, []);
      await one(() => document.head.append(document.createElement("style")));
      await one(() => (document.querySelector("style").textContent = "h1 { color: red }"));
      await bounded(world.ledger.first(REPORTS, 0), "a report of what is against the policy");
    },
  );
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

/** Opens the page in a tab; the function that runs others in it, which can wait for a promise. */
async function open({ browser, gateway }) {
  const handle = await browser.open(`${gateway.origin}/`);
  const page = (action, ...args) =>
    browser.within(handle, (driver) => driver.executeScript(`return (${action})(...arguments)`, ...args));
  await page(until, "h1", "Nobody is signed in|Hello");
  return page;
}

function signIn() {
  document.querySelector("#password").value = "correct horse";
  document.querySelector("#sign-in-form").requestSubmit();
}

function press(action) {
  document.querySelector(`[data-action="${action}"]`).click();
}

/** Waits until `selector`'s element says what matches `words`. */
function until(selector, words) {
  return new Promise((resolve, reject) => {
    const element = document.querySelector(selector);
    const late = setTimeout(() => reject(new Error(`not ${words} in ${document.title}, but ${text()}`)), 20_000);
    const observer = new MutationObserver(look);
    for (const root of [document, element.shadowRoot].filter(Boolean))
      observer.observe(root, { childList: true, subtree: true, characterData: true });
    look();
    function text() {
      return (element.shadowRoot ?? element).textContent;
    }
    function look() {
      if (!new RegExp(words).test(text())) return;
      clearTimeout(late);
      observer.disconnect();
      resolve();
    }
  });
}
