import assert from "node:assert/strict";
import { expiry, halfLife } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold, refuseTokens } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";

everyEngine("aborting", (check) => {
  check(
    "liveness: an abort works while queued, spares the others, and leaves the refresh alone",
    { accessTtl: "2s" },
    async (world) => {
      const tab = await expired(world);
      const held = hold(world.gateway, REFRESH);
      const mark = world.ledger.mark();
      const others = tab.burst(3);
      await tab.run(sendAbortable, "/api/me?as=aborted");
      await held.arrived;
      const reason = await bounded(tab.run(abort, "I changed my mind"), "the aborted request");
      assert.equal(reason, "I changed my mind");
      held.release();
      assert.deepEqual(await others, { 200: 3 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
      assert.ok(!urls(world, mark).includes("/api/me?as=aborted"), "an aborted request left");
    },
  );

  check(
    "liveness: the one who started the refresh may abort, the others are served by it",
    { accessTtl: "2s" },
    async (world) => {
      const tab = await expired(world);
      const held = hold(world.gateway, REFRESH);
      const mark = world.ledger.mark();
      await tab.run(sendAbortable, "/api/me?as=first");
      await held.arrived;
      const others = tab.burst(3);
      assert.equal(await bounded(tab.run(abort), "the aborted request"), "AbortError");
      held.release();
      assert.deepEqual(await others, { 200: 3 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check("liveness: an abort works between a 401 and its replay", { accessTtl: "4s" }, async (world) => {
    const [tab] = await world.signedInTabs(1);
    await halfLife([tab]);
    refuseTokens(world.gateway);
    const held = hold(world.gateway, REFRESH);
    const mark = world.ledger.mark();
    await tab.run(sendAbortable, "/api/me?as=once");
    await held.arrived;
    assert.equal(await bounded(tab.run(abort), "the aborted request"), "AbortError");
    held.release();
    assert.deepEqual(await tab.burst(1), { 200: 1 });
    assert.equal(urls(world, mark).filter((url) => url === "/api/me?as=once").length, 1);
  });

  check(
    "liveness: a signal of a Request, a time-out and an aborted signal reject as with window.fetch",
    { accessTtl: "2s" },
    async (world) => {
      const tab = await expired(world);
      const held = hold(world.gateway, REFRESH);
      const mark = world.ledger.mark();
      const names = await bounded(tab.run(abortedInAllWays), "the aborted requests");
      assert.deepEqual(names, ["AbortError", "TimeoutError", "AbortError", "RangeError"]);
      held.release();
      assert.deepEqual(await tab.burst(1), { 200: 1 });
      assert.deepEqual(
        urls(world, mark).filter((url) => url.includes("aborted")),
        [],
      );
    },
  );

  check("liveness: an abort while the answer is on its way rejects, and aborts nothing else", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const held = hold(world.gateway, "/api/notes");
    await tab.run(sendAbortable, "/api/notes");
    await held.arrived;
    assert.equal(await bounded(tab.run(abort), "the aborted request"), "AbortError");
    assert.deepEqual(await tab.burst(2), { 200: 2 });
    held.release();
  });

  check("liveness: an abort works while restoring", {}, async (world) => {
    await world.signedInTabs(1);
    await world.closeAllTabs();
    const held = hold(world.gateway, REFRESH);
    const tab = await world.bareTab();
    await tab.run(() => start());
    await tab.run(sendAbortable, "/api/me?as=aborted");
    assert.equal(await bounded(tab.run(abort), "the aborted request"), "AbortError");
    held.release();
    await tab.ready();
    assert.equal(await tab.status(), "signed-in");
    assert.ok(!urls(world, 0).includes("/api/me?as=aborted"), "an aborted request left");
  });
});

/** A tab whose token has just expired. */
async function expired(world) {
  const [tab] = await world.signedInTabs(1);
  await expiry([tab]);
  return tab;
}

function sendAbortable(path) {
  window.controller = new AbortController();
  window.abortable = tokens.fetch(path, { signal: controller.signal }).then(
    ({ status }) => status,
    (reason) => reason?.name ?? reason,
  );
}

function abort(...reason) {
  controller.abort(...reason);
  return abortable;
}

function abortedInAllWays() {
  const byRequest = new AbortController();
  const ways = [
    tokens.fetch(new Request("/api/me?as=aborted-request", { signal: byRequest.signal })),
    tokens.fetch("/api/me?as=aborted-timeout", { signal: AbortSignal.timeout(100) }),
    tokens.fetch("/api/me?as=aborted-before", { signal: AbortSignal.abort() }),
    tokens.fetch("/api/me?as=aborted-reason", { signal: AbortSignal.abort(new RangeError("mine")) }),
  ];
  byRequest.abort();
  return Promise.all(ways.map((way) => outcome(way)));
}

function urls(world, mark) {
  return world.ledger.to("/api/*", mark).map(({ url }) => url);
}
