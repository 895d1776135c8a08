import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { bounded, moment } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { CUT_OFF, hold, lose, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("a refresh that fails", (check) => {
  check("keep-serving: while the token is valid, a failing refresh disturbs nobody", {}, async (world) => {
    // So long that no request can have waited for it.
    const tabs = await world.signedInTabs(2, "alice", { refresh: { url: REFRESH, timeout: 120_000 } });
    script(world.gateway, REFRESH, text(503, "busy"));
    assert.equal(await tabs[0].run(() => outcome(tokens.refresh())), "refresh-failed");
    const held = hold(world.gateway, REFRESH);
    const served = inAll(tabs, (tab) => tab.burst(5));
    assert.deepEqual(sum(await bounded(served, "serving without a refresh")), { 200: 10 });
    held.release();
    assert.deepEqual(await inAll(tabs, (tab) => tab.status()), ["signed-in", "signed-in"]);
    const [failure] = await tabs[0].events("refresh-failed");
    assert.equal(failure.status, 503);
    assert.ok(failure.attempt >= 1 && failure.retryInMs >= 0, JSON.stringify(failure));
  });

  check(
    "liveness: a passing failure at expiry rejects with refresh-failed, signs nobody out, and passes",
    { accessTtl: "2s" },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      await expiry(tabs);
      const mark = world.ledger.mark();
      const recover = script(world.gateway, REFRESH, CUT_OFF);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { "refresh-failed": 10 });
      assert.equal(world.ledger.to("/api/*", mark).length, 0, "nothing leaves with an expired token");
      assert.ok(world.ledger.to(REFRESH, mark).length <= 8, `${world.ledger.to(REFRESH, mark).length} refreshes`);
      for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
      recover();
      await bounded(
        tabs[0].run(() => serveAgain()),
        "serving again",
      );
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 4 });
    },
  );

  check("liveness: Retry-After is kept: no refresh before it is over", { accessTtl: "2s" }, async (world) => {
    const [tab] = await world.signedInTabs(1);
    await expiry([tab]);
    const mark = world.ledger.mark();
    script(world.gateway, REFRESH, text(429, "slow down", "text/plain", { "retry-after": "3" }));
    assert.deepEqual(await tab.burst(3), { "refresh-failed": 3 });
    const [first] = world.ledger.to(REFRESH, mark);
    while (Date.now() < first.answeredAt + 2_500) {
      assert.deepEqual(await tab.burst(1), { "refresh-failed": 1 });
      await moment(Date.now() + 250);
    }
    const early = world.ledger.to(REFRESH, mark).filter(({ at }) => at < first.answeredAt + 2_900);
    assert.equal(early.length, 1);
  });

  check("liveness: a refresh that is never answered gives up after its time-out", {}, async (world) => {
    // Hidden, so that it does not try again by itself.
    const [tab] = await world.hiddenTabs(1, { refresh: { url: REFRESH, timeout: 1_500 } });
    await tab.signIn("alice");
    const held = hold(world.gateway, REFRESH);
    const refreshed = await bounded(
      tab.run(() => outcome(tokens.refresh())),
      "the refresh",
    );
    assert.equal(refreshed, "refresh-failed");
    assert.equal(await tab.status(), "signed-in");
    assert.deepEqual(await tab.burst(3), { 200: 3 });
    held.release();
  });

  check(
    "liveness: an answer lost on its way is no sign-out where the backend has a grace",
    { reuseGrace: "30s", accessTtl: "2s" },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      await expiry(tabs);
      lose(world.gateway, REFRESH);
      await inAll(tabs, (tab) => tab.burst(2));
      await bounded(
        tabs[0].run(() => serveAgain()),
        "serving again",
      );
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 4 });
      for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
    },
  );

  check(
    "keep-serving: an answer that never comes is no sign-out, with the default time-out and the recommended grace",
    { reuseGrace: "60s", accessTtl: "5s", allow: ["oneFlight"] },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      await expiry(tabs);
      const swallowed = hold(world.gateway, REFRESH, { after: true, count: 1 });
      await bounded(
        tabs[0].run(() => serveAgain()),
        "serving again",
      );
      await swallowed.arrived;
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 4 });
      for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
      swallowed.release();
    },
  );

  check(
    'liveness: disposed: requests reject with "disposed", and the other tabs go on',
    { accessTtl: "2s" },
    async (world) => {
      const [gone, other] = await world.signedInTabs(2);
      await gone.run(() => tokens.dispose());
      assert.deepEqual(await gone.burst(2), { disposed: 2 });
      assert.equal(await gone.run(() => outcome(tokens.refresh())), "disposed");
      await expiry([other]);
      assert.deepEqual(await other.burst(2), { 200: 2 });
    },
  );
});
