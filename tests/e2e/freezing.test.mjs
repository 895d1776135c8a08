import assert from "node:assert/strict";
import { BOUND, assertServed, assertSettled, inMidRefresh, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { shorten } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

everyEngine("tabs that freeze", (check) => {
  check(
    "liveness: the refreshing tab is stopped before its answer, a backend with a grace: the others are served, and so is it when it runs again",
    {
      fault: "freeze of the refreshing tab before its answer, backend with a grace",
      reuseGrace: "30s",
      allow: ["oneFlight"],
    },
    async (world) => {
      const { holder, process, others, mark, refreshed, ask, release } = await inMidRefresh(world);
      process.stop();
      try {
        assert.deepEqual(await bounded(ask(), "the others' requests", 2 * BOUND), { 200: 10 });
      } finally {
        process.resume();
      }
      release();
      await bounded(refreshed, "the frozen tab's refresh", BOUND);
      await assertServed([holder, ...others]);
      return verdict(world, mark, { refreshes: 3 });
    },
  );

  check(
    "liveness: the refreshing tab is stopped, its answer comes, strict rotation: the others are served by the new cookie",
    { fault: "freeze of the refreshing tab, its answer comes, strict rotation", suffered: ["supabase-js#2106"] },
    async (world) => {
      const { holder, process, others, mark, refreshed, ask, release } = await inMidRefresh(world);
      process.stop();
      try {
        release();
        assert.deepEqual(await bounded(ask(), "the others' requests", 2 * BOUND), { 200: 10 });
      } finally {
        process.resume();
      }
      await bounded(refreshed, "the frozen tab's refresh", BOUND);
      await assertServed([holder, ...others]);
      return verdict(world, mark, { refreshes: 3 });
    },
  );

  check(
    "liveness: the browser freezes the refreshing tab, a backend with a grace: the others are served, and so is it when it is resumed",
    {
      fault: "page lifecycle freeze of the refreshing tab",
      needs: "lifecycle",
      reuseGrace: "30s",
      allow: ["oneFlight"],
    },
    async (world) => {
      const { holder, others, mark, refreshed, ask, release } = await inMidRefresh(world);
      await holder.lifecycle("frozen");
      assert.deepEqual(await bounded(ask(), "the others' requests", 2 * BOUND), { 200: 10 });
      await holder.lifecycle("active");
      release();
      await bounded(refreshed, "the frozen tab's refresh", BOUND);
      await assertServed([holder, ...others]);
      return verdict(world, mark, { refreshes: 3 });
    },
  );

  check(
    "no-needless-refresh: a tab that was stopped over an expiry takes the token that the others have obtained",
    { fault: "freeze over an expiry", suffered: ["okta-auth-js#557"] },
    async (world) => {
      const { sleeper, others, process } = await oneToStop(world);
      const mark = world.ledger.mark();
      process.stop();
      try {
        await expiry(others);
        assert.deepEqual(sum(await inAll(others, (tab) => tab.burst(3))), { 200: 6 });
      } finally {
        process.resume();
      }
      await assertServed([sleeper, ...others]);
      return verdict(world, mark, { refreshes: 1 });
    },
  );

  check(
    "logout-final: a tab that was stopped while another logged out is signed out, and its requests are refused",
    { fault: "logout while a tab is frozen" },
    async (world) => {
      const { sleeper, others, process } = await oneToStop(world, 300);
      const mark = world.ledger.mark();
      process.stop();
      try {
        await others[0].run(() => tokens.logout().then(() => {}));
      } finally {
        process.resume();
      }
      const outcomes = await sleeper.burst(3);
      assertSettled(outcomes, 3);
      assert.equal(outcomes[200], undefined, "served after a logout");
      await sleeper.reaches("signed-out");
      assert.deepEqual(sum(await inAll(world.tabs, (tab) => tab.burst(2))), { 401: 6 });
      assert.equal(
        world.ledger.to(REFRESH, mark).filter(({ status }) => status === 200).length,
        0,
        "the session lives",
      );
      return verdict(world, mark);
    },
  );
});

/** Three tabs, signed in, with a token that lasts `seconds`; `process` is that of the `sleeper`. */
async function oneToStop(world, seconds = 3) {
  const [sleeper, ...others] = await world.hiddenTabs(3, options);
  const process = await sleeper.process();
  shorten(world.gateway, seconds);
  await others[0].signIn("alice");
  await inAll(world.tabs, (tab) => tab.reaches("signed-in"));
  return { sleeper, others, process };
}
