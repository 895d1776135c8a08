import assert from "node:assert/strict";
import { assertServed, assertSettled, inMidRefresh, options, verdict } from "./support/attack.mjs";
import { lastExpiry } from "./support/ages.mjs";
import { moment } from "./support/clock.mjs";
import { shorten } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

everyEngine("tabs that crash", (check) => {
  check(
    "liveness: the process of the refreshing tab dies, a backend with a grace: the others are served",
    { fault: "crash of the refreshing tab, backend with a grace", reuseGrace: "10s", allow: ["oneFlight"] },
    async (world) => {
      const { holder, process, others, mark, ask, release } = await inMidRefresh(world);
      const outcomes = ask();
      await world.crashTab(holder, process);
      assert.deepEqual(await outcomes, { 200: 10 });
      release();
      await assertServed(others);
      return verdict(world, mark);
    },
  );

  check(
    "liveness: the process of the refreshing tab dies, strict rotation: the others settle, and agree",
    { fault: "crash of the refreshing tab, strict rotation", allow: ["oneFlight"] },
    async (world) => {
      const { holder, process, mark, ask, release } = await inMidRefresh(world);
      const outcomes = ask();
      await world.crashTab(holder, process);
      release();
      assertSettled(await outcomes, 10);
      return verdict(world, mark);
    },
  );

  check(
    "one-flight: the process of a tab that waits for a refresh dies: the refresh is for the others",
    { fault: "crash of a waiting tab" },
    async (world) => {
      const { holder, others, process, mark, refreshed, ask, release } = await inMidRefresh(world, { victim: 1 });
      const [dying, other] = others;
      ask().catch(() => {});
      await world.crashTab(dying, process);
      release();
      assert.equal(await refreshed, "resolved");
      await assertServed([holder, other]);
      return verdict(world, mark, { refreshes: 1 });
    },
  );

  check(
    "liveness: the process of the tab that has just refreshed dies: the others' next expiry costs at most one more",
    { fault: "crash after the refresh" },
    async (world) => {
      const [refresher, ...others] = await world.hiddenTabs(3, options);
      const process = await refresher.process();
      shorten(world.gateway, 4);
      await refresher.signIn("alice");
      await inAll(others, (tab) => tab.reaches("signed-in"));
      const expiresAt = await lastExpiry(others);
      await refresher.run(() => tokens.refresh());
      const mark = world.ledger.mark();
      await world.crashTab(refresher, process);
      await moment(expiresAt + 50);
      assert.deepEqual(sum(await inAll(others, (tab) => tab.burst(5))), { 200: 10 });
      return verdict(world, mark, { refreshes: 1 });
    },
  );
});
