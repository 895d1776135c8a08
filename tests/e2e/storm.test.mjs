import assert from "node:assert/strict";
import { halfLife } from "./support/ages.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold, refuseTokens, shorten } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("a storm of 401s", (check) => {
  check(
    "no-needless-refresh: a revoked token, 5 tabs, 100 requests in each: one refresh, and all 500 are answered 200",
    {},
    async (world) => {
      shorten(world.gateway, 6);
      // A refresh waits for a connection behind all those requests: on a busy machine, for longer than ten seconds.
      const tabs = await world.signedInTabs(5, "alice", { refresh: { url: REFRESH, timeout: 60_000 } });
      const mark = world.ledger.mark();
      await halfLife(tabs, 6_000);
      await tabs[0].run(() => outcome(tokens.fetch("/api/token/revoke", { method: "POST" })));
      const answers = await inAll(tabs, (tab) => tab.burst(100));
      assert.deepEqual(sum(answers), { 200: 500 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
      assert.ok(refused(world, mark).length > 0, "the backend has refused the token");
      for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), []);
    },
  );

  check(
    "retry-once: each refused request goes out twice, first with the old token, then with the new",
    { accessTtl: "8s" },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      await halfLife(tabs);
      const mark = world.ledger.mark();
      refuseTokens(world.gateway);
      const held = hold(world.gateway, REFRESH);
      const bursts = inAll(tabs, (tab) => tab.burst(3));
      await held.arrived;
      held.release();
      assert.deepEqual(sum(await bursts), { 200: 6 });
      const requests = world.ledger.to("/api/me", mark);
      const [earlier, later] = world.ledger.issued.slice(-2);
      for (const [url, sent] of grouped(requests)) {
        const tokens = sent.map(({ headers }) => headers.authorization);
        const expected = sent.length === 1 ? [`Bearer ${later}`] : [`Bearer ${earlier}`, `Bearer ${later}`];
        assert.deepEqual(tokens, expected, url);
      }
    },
  );

  const late = { accessTtl: "8s", suffered: ["ProtonDriveApps/sdk#44"] };
  check("no-needless-refresh: 401s that come late, after the token was replaced, only replay", late, async (world) => {
    const [one, other] = await world.signedInTabs(2);
    await halfLife([one, other]);
    const mark = world.ledger.mark();
    refuseTokens(world.gateway);
    const held = hold(world.gateway, "/api/notes", { after: true, count: 3 });
    const answers = one.burst(3, "/api/notes");
    await held.arrived;
    assert.deepEqual(await other.burst(2), { 200: 2 });
    held.release();
    assert.deepEqual(await answers, { 200: 3 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check(
    "no-needless-refresh: the storm comes again with the next token, and again costs one refresh",
    { accessTtl: "4s" },
    async (world) => {
      const tabs = await world.signedInTabs(3);
      for (let round = 1; round <= 3; round++) {
        await halfLife(tabs);
        const mark = world.ledger.mark();
        const accept = refuseTokens(world.gateway);
        assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(10))), { 200: 30 }, `storm ${round}`);
        assert.equal(world.ledger.to(REFRESH, mark).length, 1, `refreshes in storm ${round}`);
        accept();
      }
    },
  );
});

function refused(world, mark) {
  return world.ledger.to("/api/me", mark).filter(({ status }) => status === 401);
}

function grouped(requests) {
  const groups = new Map();
  for (const request of requests) groups.set(request.url, [...(groups.get(request.url) ?? []), request]);
  return groups;
}
