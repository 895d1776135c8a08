/** Real tabs, signed in by each backend in docs/. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { can, engines } from "../e2e/support/engines.mjs";
import { Gateway } from "../e2e/support/gateway.mjs";
import { LOGOUT, REFRESH } from "../e2e/support/ledger.mjs";
import { giveBrowser, quitBrowsers, takeBrowser } from "../e2e/support/pool.mjs";
import { Tab } from "../e2e/support/tab.mjs";
import { endpoints } from "./support/endpoints.mjs";

describe("real tabs", { concurrency: engines.length }, () => {
  after(quitBrowsers);
  for (const engine of engines) {
    describe(engine, { concurrency: 1 }, () => {
      let browser;
      before(async () => (browser = await takeBrowser(engine)), { timeout: 1_800_000 });
      after(() => browser && giveBrowser(browser));
      for (const [name, start] of Object.entries(endpoints)) {
        test(`${name}: sign in, call the API, share the token, come back, sign out [${engine}]`, {
          timeout: 1_800_000,
        }, () => {
          return inWorld(browser, start, story);
        });
      }
    });
  }
});

async function story(world) {
  const { ledger } = world.gateway;
  const [first, second] = [await world.tab("first"), await world.tab("second")];
  assert.deepEqual([await first.status(), await second.status()], ["signed-out", "signed-out"]);

  let mark = ledger.mark();
  await first.signIn("alice");
  await second.reaches("signed-in");
  for (const tab of [first, second]) assert.deepEqual(await tab.burst(5), { 200: 5 });
  assert.equal(ledger.to(REFRESH, mark).length, 0);

  mark = ledger.mark();
  const letGo = hold(world.gateway, REFRESH);
  for (const tab of [first, second]) await tab.run(() => void (window.refreshed = tokens.refresh()));
  await ledger.first(REFRESH, mark);
  letGo();
  for (const tab of [first, second]) await tab.run(() => window.refreshed);
  assert.equal(ledger.to(REFRESH, mark).length, 1);

  await second.close();
  await first.reload();
  await first.start();
  assert.equal(await first.status(), "signed-in");
  assert.deepEqual(await first.burst(5), { 200: 5 });

  mark = ledger.mark();
  await first.run(() => tokens.logout());
  assert.deepEqual(
    ledger.to(LOGOUT, mark).map(({ status }) => status),
    [204],
  );
  assert.deepEqual(await first.burst(1), { 401: 1 });
  await first.reload();
  await first.start();
  assert.equal(await first.status(), "signed-out");
  assert.deepEqual(await first.run(() => mishaps), []);
}

/** Keeps requests to `path` from the backend until the function that it returns is called. */
function hold(gateway, path) {
  let letGo;
  const gone = new Promise((resolve) => (letGo = resolve));
  gateway.rule(path, (_, next) => gone.then(next));
  return letGo;
}

/** Runs `body` with a backend of its own behind a gateway of its own. */
async function inWorld(browser, start, body) {
  const gateway = await Gateway.open({ tls: !can(browser.engine, "secureCookiesOverHttp") });
  let backend;
  try {
    backend = await start({ origin: gateway.origin });
    gateway.backend = backend.url;
    await browser.clear(gateway.origin);
    const tab = async (name) => {
      const opened = await Tab.open({ browser, gateway }, name);
      return opened.start();
    };
    await body({ gateway, tab });
  } catch (error) {
    browser.distrust();
    throw error;
  } finally {
    await backend?.stop();
    await gateway.close();
  }
}
