import assert from "node:assert/strict";
import { BOUND, assertSettled, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { LOGOUT, REFRESH } from "./support/ledger.mjs";
import { hold } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("no messages between tabs", (check) => {
  check(
    "one-flight: every message is lost, strict rotation: at an expiry each tab refreshes for itself, one after the other, and all are served",
    { fault: "messages between tabs are lost, expiry", accessTtl: "4s" },
    async (world) => {
      const tabs = await silentTabs(world);
      await expiry(tabs);
      const mark = world.ledger.mark();
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
      return verdict(world, mark, { refreshes: 3 });
    },
  );

  check(
    "logout-final: every message is lost: a logout during another tab's refresh reaches the backend, and ends the session for all",
    { fault: "messages between tabs are lost, logout" },
    async (world) => {
      const tabs = await silentTabs(world);
      const held = hold(world.gateway, REFRESH, { count: 1 });
      const mark = world.ledger.mark();
      const refreshed = tabs[1].run(() => outcome(tokens.refresh()));
      await held.arrived;
      const done = tabs[0].run(() => tokens.logout().then(() => {}));
      await tabs[0].reaches("signed-out");
      held.release();
      await bounded(Promise.all([done, refreshed]), "logout and refresh", BOUND);
      await bounded(world.ledger.first(LOGOUT, mark), "a logout request", BOUND);
      for (const tab of tabs) {
        assertSettled(await tab.burst(3), 3);
        await tab.run(() => outcome(tokens.refresh()));
        await tab.reaches("signed-out");
      }
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 401: 6 });
      return verdict(world, mark, { refreshes: 4 });
    },
  );
});

/** Three hidden tabs that hear nothing of each other, signed in each by the cookie. */
async function silentTabs(world) {
  const tabs = [];
  while (tabs.length < 3) tabs.push(await world.bareTab());
  await inAll(tabs, (tab) => tab.run(silence));
  await inAll(tabs, (tab) => tab.start(options));
  await world.hideAll();
  await tabs[0].signIn("alice");
  for (const tab of tabs.slice(1)) await tab.run(() => tokens.signIn());
  return tabs;
}

/** In the page, before the manager is made. */
function silence() {
  BroadcastChannel.prototype.postMessage = () => {};
}
