import assert from "node:assert/strict";
import { repeat } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const DAY_MS = 86_400_000;

anyEngine("lifetimes", (check) => {
  check("liveness: tokens of 1 s, in a visible tab and a hidden one", { accessTtl: "1s" }, async (world) => {
    const tabs = await world.signedInTabs(2);
    await tabs[0].show();
    const mark = world.ledger.mark();
    const start = Date.now();
    const bursts = await repeat(() => inAll(tabs, (tab) => tab.burst(1)), start + 6_000, 100);
    const lifetimes = (Date.now() - start) / 1_000;
    const refreshes = world.ledger.to(REFRESH, mark).length;
    assert.deepEqual(sum(bursts.flat()), { 200: bursts.length * 2 });
    assert.ok(refreshes >= Math.floor(lifetimes) - 1, `${refreshes} refreshes in ${lifetimes} lifetimes`);
    assert.ok(refreshes <= Math.ceil(lifetimes * 2) + 1, `${refreshes} refreshes in ${lifetimes} lifetimes`);
    for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
    await assertCalm(tabs, start);
  });

  for (const { title, accessTtl, lifetimeMs } of [
    { title: "60 days", accessTtl: "60days", lifetimeMs: 60 * DAY_MS },
    { title: "10 years", accessTtl: "3650days", lifetimeMs: 3_650 * DAY_MS },
  ]) {
    const flags = { accessTtl, idle: "9000days", absolute: "9000days", suffered: ["keycloak-js#107"] };
    check(
      `no-needless-refresh: a token of ${title} is not refreshed now, and overflows no timer`,
      flags,
      async (world) => {
        const tabs = await world.signedInTabs(2);
        await tabs[0].show();
        const start = Date.now();
        const mark = world.ledger.mark();
        for (const tab of tabs) {
          const left = (await tab.expiresAt()) - Date.now();
          assert.ok(Math.abs(left - lifetimeMs) < 60_000, `${left} ms left of ${lifetimeMs}`);
        }
        const bursts = await repeat(() => inAll(tabs, (tab) => tab.burst(1)), start + 3_000, 200);
        assert.deepEqual(sum(bursts.flat()), { 200: bursts.length * 2 });
        assert.equal(world.ledger.to(REFRESH, mark).length, 0);
        await assertCalm(tabs, start);
      },
    );
  }
});

/** No timer is longer than timers can be, and there is no busy loop since `start`. */
async function assertCalm(tabs, start) {
  for (const tab of tabs) {
    const timers = await tab.run(() => witness.seen.timers);
    for (const { delay } of timers) assert.ok(!(delay > LONGEST_TIMER_MS), `a timer of ${delay} ms`);
    const since = timers.filter(({ at }) => at >= start).length;
    const seconds = (Date.now() - start) / 1_000;
    assert.ok(since <= 60 * seconds, `${since} timers in ${seconds} s`);
  }
}
