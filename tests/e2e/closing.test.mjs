import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { bounded, moment, until } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

const SETTLED = new Set(["200", "401", "session-ended", "refresh-failed"]);

everyEngine("tabs that close", (check) => {
  check(
    "liveness: the tab that refreshed is closed right afterwards, the others go on",
    { accessTtl: "8s" },
    async (world) => {
      const [refresher, ...others] = await world.signedInTabs(3);
      await refresher.run(() => tokens.refresh().then(() => {}));
      const mark = world.ledger.mark();
      await world.closeTab(refresher);
      assert.deepEqual(sum(await inAll(others, (tab) => tab.burst(10))), { 200: 20 });
      await expiry(others);
      assert.deepEqual(sum(await inAll(others, (tab) => tab.burst(10))), { 200: 20 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1, "one refresh, for the expiry");
      assert.deepEqual(await inAll(others, (tab) => tab.status()), ["signed-in", "signed-in"]);
    },
  );

  check(
    "liveness: a tab closed in mid-refresh, strict rotation: the others settle, at most one more refresh",
    { accessTtl: "4s", allow: ["oneFlight"] },
    async (world) => {
      const { others, mark, answers } = await closedInMidRefresh(world);
      const outcomes = sum(await answers);
      assert.equal(
        Object.values(outcomes).reduce((a, b) => a + b),
        10,
      );
      for (const outcome of Object.keys(outcomes)) assert.ok(SETTLED.has(outcome), `settled as ${outcome}`);
      assert.ok(world.ledger.to(REFRESH, mark).length <= 2, `${world.ledger.to(REFRESH, mark).length} refreshes`);
      assert.equal(new Set(await inAll(others, (tab) => tab.status())).size, 1, "the others agree");
    },
  );

  check(
    "liveness: a tab closed in mid-refresh, a backend with a grace: the others stay signed in, at most one more refresh",
    { accessTtl: "4s", reuseGrace: "10s", allow: ["oneFlight"] },
    async (world) => {
      const { others, mark, answers } = await closedInMidRefresh(world);
      assert.deepEqual(sum(await answers), { 200: 10 });
      assert.ok(world.ledger.to(REFRESH, mark).length <= 2, `${world.ledger.to(REFRESH, mark).length} refreshes`);
      assert.deepEqual(await inAll(others, (tab) => tab.status()), ["signed-in", "signed-in"]);
    },
  );

  check("keep-serving: a request with `keepalive` outlives its page, with the token", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    await tab.run(() => {
      let draft = "bye";
      const save = () => {
        if (draft) void tokens.fetch("/api/draft", { method: "PUT", body: draft, keepalive: true }).catch(() => {});
        draft = "";
      };
      // Firefox loses some of the requests that begin at `pagehide`: see docs/platforms.md.
      for (const moment of ["beforeunload", "pagehide"]) addEventListener(moment, save);
    });
    await world.closeTab(tab);
    await until(async () => world.ledger.to("/api/draft").length > 0, "the request");
    const [{ headers, body }] = world.ledger.to("/api/draft");
    assert.equal(headers.authorization, `Bearer ${world.ledger.issued.at(-1)}`);
    await until(async () => String(body) === "bye", "its body");
  });

  check("liveness: the last tab closed in mid-refresh keeps the new cookie, strict rotation", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const held = hold(world.gateway, REFRESH, { after: true, count: 1 });
    const mark = world.ledger.mark();
    void tab.run(() => tokens.refresh().catch(() => {})).catch(() => {});
    await held.arrived;
    await world.closeTab(tab);
    held.release();
    await answered(world, mark);
    const returned = await world.tab();
    assert.equal(await returned.status(), "signed-in");
    assert.deepEqual(await returned.burst(1), { 200: 1 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 2);
  });

  const lost = { suffered: ["nhost/hasura-backend-plus#220"] };
  check("liveness: a reload in mid-refresh keeps the new cookie, strict rotation", lost, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const held = hold(world.gateway, REFRESH, { after: true, count: 1 });
    const mark = world.ledger.mark();
    void tab.run(() => tokens.refresh().catch(() => {})).catch(() => {});
    await held.arrived;
    await tab.reload();
    held.release();
    await answered(world, mark);
    await tab.start();
    assert.equal(await tab.status(), "signed-in");
    assert.deepEqual(await tab.burst(1), { 200: 1 });
  });
});

/** Three tabs at expiry; the first refreshes and is closed before its answer comes; the others have requests waiting. */
async function closedInMidRefresh(world) {
  const [refresher, ...others] = await world.signedInTabs(3);
  await expiry([refresher, ...others]);
  const held = hold(world.gateway, REFRESH, { after: true, count: 1 });
  const mark = world.ledger.mark();
  void refresher.run(() => tokens.refresh().catch(() => {})).catch(() => {});
  await held.arrived;
  const answers = inAll(others, (tab) => tab.burst(5));
  await world.closeTab(refresher);
  held.release();
  return { others, mark, answers };
}

/** Resolves when the refresh since `mark` has been answered, and the browser has had a moment to take the cookie. */
async function answered(world, mark) {
  const settled = ({ answeredAt }) => answeredAt !== undefined;
  const { answeredAt } = await bounded(world.ledger.first(REFRESH, mark, settled), "an answer to the refresh");
  await moment(answeredAt + 300);
}
