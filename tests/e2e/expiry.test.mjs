import assert from "node:assert/strict";
import { expiry, lastExpiry } from "./support/ages.mjs";
import { moment, repeat } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { shorten, shortenAll } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("at the moment of expiry", (check) => {
  check(
    "no-needless-refresh: 5 tabs with 100 requests each cost one refresh, and all 500 are answered 200",
    { suffered: ["authts/oidc-client-ts#430", "supabase/auth-js#213"] },
    async (world) => {
      shorten(world.gateway, 3);
      const tabs = await world.signedInTabs(5);
      const mark = world.ledger.mark();
      await expiry(tabs);
      const answers = await inAll(tabs, (tab) => tab.burst(100));
      assert.deepEqual(sum(answers), { 200: 500 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
      await assertSignedIn(tabs);
    },
  );

  check("no-needless-refresh: ten expiries in a row cost ten refreshes", {}, async (world) => {
    shortenAll(world.gateway, 3);
    const tabs = await world.signedInTabs(5);
    for (let round = 1; round <= 10; round++) {
      const mark = world.ledger.mark();
      await expiry(tabs);
      const answers = await inAll(tabs, (tab) => tab.burst(20));
      assert.deepEqual(sum(answers), { 200: 100 }, `expiry ${round}`);
      assert.equal(world.ledger.to(REFRESH, mark).length, 1, `refreshes at expiry ${round}`);
    }
    await assertSignedIn(tabs);
  });

  check(
    "no-needless-refresh: requests that keep coming over an expiry cost one refresh",
    { accessTtl: "4s" },
    async (world) => {
      const tabs = await world.signedInTabs(5);
      const mark = world.ledger.mark();
      const expiresAt = await lastExpiry(tabs);
      await moment(expiresAt - 1_500);
      const bursts = await repeat(() => inAll(tabs, (tab) => tab.burst(3)), expiresAt + 1_500);
      assert.deepEqual(sum(bursts.flat()), { 200: bursts.length * 15 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check("no-needless-refresh: hidden tabs that ask nothing refresh nothing", { accessTtl: "2s" }, async (world) => {
    const tabs = await world.signedInTabs(3);
    const mark = world.ledger.mark();
    await expiry(tabs, 2_500);
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
    assert.deepEqual(await tabs[0].burst(1), { 200: 1 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check(
    "one-flight: the visible one of 3 tabs refreshes ahead for all, once a lifetime",
    { accessTtl: "3s" },
    async (world) => {
      const tabs = await world.signedInTabs(3);
      await tabs[1].show();
      const mark = world.ledger.mark();
      const start = Date.now();
      const bursts = await repeat(() => inAll(tabs, (tab) => tab.burst(1)), start + 9_000);
      const lifetimes = (Date.now() - start) / 3_000;
      const refreshes = world.ledger.to(REFRESH, mark).length;
      assert.deepEqual(sum(bursts.flat()), { 200: bursts.length * 3 });
      assert.ok(refreshes >= Math.floor(lifetimes), `${refreshes} refreshes in ${lifetimes} lifetimes`);
      assert.ok(refreshes <= Math.ceil(lifetimes / 0.5), `${refreshes} refreshes in ${lifetimes} lifetimes`);
      assert.equal(
        world.ledger.to("/api/*", mark).filter(({ status }) => status === 401).length,
        0,
        "expired tokens sent",
      );
      await assertSignedIn(tabs);
    },
  );

  check(
    "one-flight: a tab that comes back after the expiry, and asks with the others, costs one refresh",
    { accessTtl: "5s" },
    async (world) => {
      const tabs = await world.signedInTabs(3);
      await expiry(tabs, 500);
      const mark = world.ledger.mark();
      const shown = tabs[2].show();
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
      await shown;
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );
});

async function assertSignedIn(tabs) {
  for (const tab of tabs) {
    assert.equal(await tab.status(), "signed-in");
    assert.deepEqual(await tab.events("signed-out"), [], `signed out in tab ${tab.name}`);
  }
}
