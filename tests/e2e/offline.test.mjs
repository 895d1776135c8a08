import assert from "node:assert/strict";
import { BOUND, assertServed, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { LOGOUT, REFRESH } from "./support/ledger.mjs";
import { CUT_OFF, script, shorten, unplug } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

everyEngine("no network", (check) => {
  check(
    "liveness: connections break at the expiry: requests reject within the bound, nobody is signed out, and all are served again",
    { fault: "connections break at the expiry", suffered: ["okta-auth-js#1575", "convex-backend#523"] },
    async (world) => {
      const tabs = await expiring(world);
      const mark = world.ledger.mark();
      const plug = unplug(world.gateway);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { "refresh-failed": 9 });
      plug();
      await bounded(
        tabs[0].run(() => serveAgain()),
        "serving again",
        40_000,
      );
      await assertServed(tabs);
      // Browsers send a POST again, too, when its connection breaks before an answer.
      return verdict(world, mark, { refreshes: 20 });
    },
  );

  check(
    "keep-serving: connections break while the token is valid: nothing is refreshed for it, and nobody is signed out",
    // Browsers send a request again, some of them ten times, when its connection breaks before an answer.
    { fault: "connections break while the token is valid", allow: ["retryOnce"] },
    async (world) => {
      const tabs = await world.signedInTabs(3, "alice", options);
      const mark = world.ledger.mark();
      const plug = unplug(world.gateway);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { TypeError: 9 });
      plug();
      await assertServed(tabs);
      return verdict(world, mark, { refreshes: 0 });
    },
  );

  check(
    "liveness: the browser is offline at the expiry: nobody is signed out, and all are served as soon as it is back",
    { fault: "browser offline at the expiry", needs: "offline" },
    async (world) => {
      shorten(world.gateway, 8);
      const tabs = await world.signedInTabs(3, "alice", options);
      for (const tab of tabs) await tab.offline(true);
      const mark = world.ledger.mark();
      await expiry(tabs);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { "refresh-failed": 9 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 0, "something got through");
      for (const tab of tabs) await tab.offline(false);
      await assertServed(tabs);
      return verdict(world, mark, { refreshes: 1 });
    },
  );

  check(
    "no-needless-refresh: the network is back during a back-off: the tabs do not wait for its end, and one refresh is for all",
    { fault: "network back during a back-off" },
    async (world) => {
      const tabs = await expiring(world);
      const mark = world.ledger.mark();
      const recover = script(world.gateway, REFRESH, CUT_OFF);
      const wait = await bounded(tabs[0].run(failUntilToldToWait, 2_000), "a long back-off", 60_000);
      recover();
      const failed = world.ledger.to(REFRESH, mark).at(-1);
      await inAll(tabs, (tab) => tab.run(() => void dispatchEvent(new Event("online"))));
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { 200: 9 });
      const [next, ...more] = world.ledger.to(REFRESH, mark).filter(({ id }) => id > failed.id);
      assert.ok(next.at < failed.answeredAt + wait, `asked after ${next.at - failed.answeredAt} of ${wait} ms`);
      assert.equal(more.length, 0, "refreshes beyond the one");
      return verdict(world, mark, { refreshes: 20 });
    },
  );

  check(
    "logout-final: a logout without network signs all tabs out, and none is signed in again by itself",
    { fault: "logout while connections break" },
    async (world) => {
      const tabs = await world.signedInTabs(3, "alice", options);
      const mark = world.ledger.mark();
      const plug = unplug(world.gateway, LOGOUT);
      await bounded(
        tabs[0].run(() =>
          tokens
            .logout()
            .catch(() => {})
            .then(() => {}),
        ),
        "the logout",
        BOUND,
      );
      plug();
      await inAll(tabs, (tab) => tab.reaches("signed-out"));
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 401: 6 });
      return verdict(world, mark, { refreshes: 0 });
    },
  );
});

/** Three tabs whose token has just expired. */
async function expiring(world) {
  // A tab that hears of the token only after its end gets one of its own, which lasts for minutes.
  shorten(world.gateway, 8);
  const tabs = await world.signedInTabs(3, "alice", options);
  await expiry(tabs);
  return tabs;
}

/** In the page: asks until the back-off is `ms` or longer; how long it is. */
function failUntilToldToWait(ms) {
  return new Promise((resolve) => {
    let wait = 0;
    const off = tokens.on("refresh-failed", ({ retryInMs }) => {
      if (retryInMs < ms) return;
      wait = retryInMs;
      off();
      resolve(wait);
    });
    const ask = async () => {
      await outcome(tokens.fetch("/api/me"));
      if (wait === 0) setTimeout(ask, 20);
    };
    ask();
  });
}
