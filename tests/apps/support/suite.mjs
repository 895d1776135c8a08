/** Declares the tests of an app, once for every engine. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { engines } from "../../e2e/support/engines.mjs";
import { giveBrowser, quitBrowsers, takeBrowser } from "../../e2e/support/pool.mjs";
import { byTurns, inEveryEngine } from "../../e2e/support/turns.mjs";
import { Visit } from "./visit.mjs";

/** Installing and building for the first time may have to fetch a framework. */
const PREPARED_WITHIN_MS = 10 * 60_000;

/** Browsers keep this process running. */
after(quitBrowsers);

/** Resolves once every app that has been declared is made. */
let made = Promise.resolve();

/**
 * `make` makes the app, and returns a function that opens its site (see `sites.mjs`). `define` is called for each engine
 * with `check(title, body, flags)`; `body` is given a {@link Visit}. Without `define`, the app must do what every app
 * must.
 */
export function everyEngine(title, make, define = checkEveryApp) {
  declareApp(title, make, inEveryEngine(define));
}

/** As {@link everyEngine}, for apps that differ in how they are made, not in what they ask of an engine: see `turns.mjs`. */
export function anyEngine(title, make, define = checkEveryApp) {
  declareApp(title, make, byTurns(define));
}

function declareApp(title, make, tests) {
  describe(title, { concurrency: engines.length }, () => {
    const making = inTurn(make);
    let opened;
    before(async () => (opened = await (await making)()), { timeout: PREPARED_WITHIN_MS });
    after(() => opened?.close());
    for (const engine of engines) inEngine(engine, tests.get(engine), () => opened.site);
  });
}

function checkEveryApp(check) {
  check("signs in, calls the API, and restores by one refresh", everyApp);
}

/** Apps are made one after the other, beside the tests of those before them: tests wait more than they compute. */
function inTurn(make) {
  const making = made.then(() => make());
  made = making.catch(() => {});
  return making;
}

/** The behaviour of any app with `status`, `name`, `sign-in`, `call` and `sign-out`. */
export async function everyApp(visit) {
  await visit.sees("status", "signed-out");
  await visit.press("sign-in");
  await visit.sees("status", "signed-in");
  await visit.press("call");
  await visit.sees("name", "Alice");
  const mark = visit.ledger.mark();
  await visit.reload();
  await visit.sees("status", "signed-in");
  await visit.press("call");
  await visit.sees("name", "Alice");
  assert.deepEqual(
    visit.refreshes(mark).map(({ status }) => status),
    [200],
    "one refresh restores the session",
  );
  await visit.press("sign-out");
  await visit.sees("status", "signed-out");
  await visit.ledger.first("/auth/logout", mark, ({ status }) => status === 204);
  assert.deepEqual(visit.violations, [], "the policy forbids nothing that the app does");
}

function inEngine(engine, tests, site) {
  if (tests.length === 0) return;
  describe(engine, { concurrency: 1 }, () => {
    let browser;
    before(async () => (browser = await takeBrowser(engine)));
    after(() => browser && giveBrowser(browser));
    for (const [title, body, flags] of tests) declare(title, body, flags, () => browser, site);
  });
}

function declare(title, body, flags, browser, site) {
  test(title, async (context) => {
    const visit = await Visit.to(browser(), site(), flags);
    try {
      await body(visit);
    } catch (error) {
      browser().distrust();
      for (const line of [...visit.ledger.story(), ...visit.violations]) context.diagnostic(line);
      for (const line of await browser().consoleLines()) context.diagnostic(line);
      throw error;
    } finally {
      await visit.end();
    }
  });
}
