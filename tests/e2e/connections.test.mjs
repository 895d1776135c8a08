import assert from "node:assert/strict";
import { bounded, repeat, until } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

/** So many connections to one origin has a browser over HTTP/1.1. */
const CONNECTIONS = 6;
/** For longer than ten time-outs of the refresh would take. */
const HELD_MS = 100_000;
const ASKED_EVERY_MS = 3_000;

everyEngine("no connection left", (check) => {
  check(
    "one-flight: when all connections have been held for 100 s, at most two refreshes leave, and nobody is signed out",
    { fault: "all connections are held for 100 s", reuseGrace: "60s", allow: ["oneFlight"] },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      const held = hold(world.gateway, "/api/held");
      const mark = world.ledger.mark();
      await tabs[0].run(occupy, CONNECTIONS);
      await until(async () => world.ledger.to("/api/held", mark).length === CONNECTIONS, "requests that hold them");
      const started = performance.now();
      await repeat(() => inAll(tabs, (tab) => tab.run(askForAnother)), Date.now() + HELD_MS, ASKED_EVERY_MS);
      assert.deepEqual(world.ledger.to(REFRESH, mark), [], "there was a connection left");
      held.release();
      await bounded(
        inAll(tabs, (tab) => tab.run(() => refreshed)),
        "a refresh",
      );
      const waitedMs = Math.round(performance.now() - started - HELD_MS);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 4 });
      for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
      const refreshes = world.ledger.to(REFRESH, mark).length;
      assert.ok(refreshes <= 2, `${refreshes} refreshes`);
      return { outcome: "signed-in", waitedMs, boundMs: 60_000, refreshes };
    },
  );
});

/* In the page. */

function occupy(count) {
  for (let n = 0; n < count; n += 1) void fetch(`/api/held?as=${n}`);
}

function askForAnother() {
  window.refreshed ??= new Promise((resolve) => tokens.on("refreshed", () => resolve()));
  tokens.refresh().catch(() => {});
}
