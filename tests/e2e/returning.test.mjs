import assert from "node:assert/strict";
import { assertServed, assertSettled, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { can } from "./support/engines.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { shortenAll } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll } from "./support/tab.mjs";

everyEngine("pages that come back", (check, engine) => {
  const kept = can(engine, "keepPages");

  check(
    "liveness: Back while signed in: the very page is there, and it is served",
    { fault: "Back while signed in" },
    async (world) => {
      const [tab, other] = await world.signedInTabs(2, "alice", options);
      await leave(world, tab);
      const mark = world.ledger.mark();
      await back(tab, kept);
      await assertServed([tab, other]);
      return verdict(world, mark, { refreshes: 1 });
    },
  );

  check(
    "no-needless-refresh: Back after an expiry: the page takes the token that another has obtained meanwhile",
    { fault: "Back after an expiry" },
    async (world) => {
      // Also of a token that a tab obtains meanwhile: leaving may take longer than the first one lasts.
      const stop = shortenAll(world.gateway, 3);
      const [tab, other] = await world.signedInTabs(2, "alice", options);
      await leave(world, tab);
      await expiry([other]);
      stop();
      const mark = world.ledger.mark();
      await assertServed([other]);
      await back(tab, kept);
      await assertServed([tab, other]);
      return verdict(world, mark, { refreshes: 1 });
    },
  );

  const shown = { fault: "Back after a logout", suffered: ["auth0-react#562"] };
  check(
    "logout-final: Back after a logout elsewhere: the very page is there, without a session",
    shown,
    async (world) => {
      const [tab, other] = await world.signedInTabs(2, "alice", options);
      await leave(world, tab);
      await other.run(() => tokens.logout().then(() => {}));
      const mark = world.ledger.mark();
      await back(tab, kept);
      // The page may not have been told yet: then they were those of the session that has ended.
      assertSettled(await tab.burst(3), 3, ["401", "session-ended"]);
      assert.deepEqual(await tab.burst(3), { 401: 3 });
      assert.deepEqual(await inAll([tab, other], (each) => each.status()), ["signed-out", "signed-out"]);
      assert.equal(await tab.run(() => tokens.claims), null);
      const sent = world.ledger.to("/api/*", mark).filter(({ headers }) => headers.authorization);
      assert.equal(sent.length, 0, "requests with a token after logout");
      assert.ok(world.ledger.to(REFRESH, mark).every(({ status }) => status === 401));
      return verdict(world, mark, { refreshes: 1 });
    },
  );
});

/** Goes on to another page of the same site, in the same tab. */
function leave(world, tab) {
  return tab.leave(async (driver) => {
    await driver.executeAsyncScript("hangUp().then(arguments[arguments.length - 1])");
    await driver.get(`${world.gateway.origin}/e2e/?tab=away`);
  });
}

/** Goes back to it: it is the very page, where the engine has `kept` it, and else a new one. */
async function back(tab, kept) {
  await tab.driven((driver) => driver.navigate().back());
  await tab.connected();
  await tab.hideAll();
  assert.equal(await tab.run(() => restored), kept ? 1 : 0, "pages from the back/forward cache");
  if (!kept) await tab.start(options);
}
