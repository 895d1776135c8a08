import assert from "node:assert/strict";
import { assertServed, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { moment } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { shorten } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

const DAY_MS = 86_400_000;

anyEngine("clocks and timers", (check) => {
  for (const [when, shift] of [
    ["a day ahead", DAY_MS],
    ["a day behind", -DAY_MS],
  ]) {
    const wrong = { fault: `wall clock ${when}`, suffered: ["supabase/auth-js#926", "authkit-nextjs#470"] };
    check(`no-needless-refresh: a clock ${when}: an expiry costs one refresh`, wrong, async (world) => {
      const tabs = [];
      while (tabs.length < 3) tabs.push(await world.bareTab());
      await inAll(tabs, (tab) => tab.run(shiftClock, shift));
      await inAll(tabs, (tab) => tab.start(options));
      await world.hideAll();
      shorten(world.gateway, 3);
      await tabs[0].signIn("alice");
      await inAll(tabs, (tab) => tab.reaches("signed-in"));
      const mark = world.ledger.mark();
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 6 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 0, "refreshes before the expiry");
      await moment(Date.now() + 3_000);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
      return verdict(world, mark, { refreshes: 1 });
    });
  }

  check(
    "keep-serving: a clock that jumps, either way, signs nobody out and starts no storm",
    { fault: "wall clock jumps" },
    async (world) => {
      const tabs = await world.signedInTabs(3, "alice", options);
      const mark = world.ledger.mark();
      for (const shift of [DAY_MS, -DAY_MS, 0]) {
        await inAll(tabs, (tab) => tab.run(shiftClock, shift));
        assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 }, `shifted by ${shift} ms`);
        await assertServed(tabs);
      }
      // A clock that jumps ahead may as well be a machine that slept: one refresh for each jump.
      return verdict(world, mark, { refreshes: 2 });
    },
  );

  check(
    "no-needless-refresh: slow processors: 3 tabs with 20 requests each, at the expiry, cost one refresh",
    { fault: "processor throttled to a tenth", needs: "throttling" },
    async (world) => {
      shorten(world.gateway, 3);
      const tabs = await world.signedInTabs(3, "alice", options);
      for (const tab of tabs) await tab.throttle(10);
      await expiry(tabs);
      const mark = world.ledger.mark();
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(20))), { 200: 60 });
      for (const tab of tabs) await tab.throttle(1);
      return verdict(world, mark, { refreshes: 1 });
    },
  );
});

/** In the page: its wall clock is off by `shift` ms from now on. */
function shiftClock(shift) {
  window.wallClock ??= Date.now;
  Date.now = () => wallClock() + shift;
}
