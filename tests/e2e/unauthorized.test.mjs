import assert from "node:assert/strict";
import { expiry, halfLife } from "./support/ages.mjs";
import { moment } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { INVALID_TOKEN, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("an API that refuses", (check) => {
  const looped = { accessTtl: "6s", suffered: ["supertokens-website#113", "a2a-js#735"] };
  check(
    "retry-once: always 401: each request goes out twice, the second 401 is the caller's, refreshes are bounded",
    looped,
    async (world) => {
      const tabs = await world.signedInTabs(2);
      script(world.gateway, "/api/broken", alwaysRefusing());
      for (let round = 1; round <= 2; round++) {
        await halfLife([tabs[0]]);
        const mark = world.ledger.mark();
        const bodies = (await inAll(tabs, (tab) => tab.run(requests, 5))).flat();
        assert.deepEqual(bodies, Array(10).fill({ status: 401, time: 2 }), `round ${round}`);
        assert.deepEqual(timesSent(world, mark), Array(10).fill(2), `round ${round}`);
        assert.equal(world.ledger.to(REFRESH, mark).length, 1, `refreshes in round ${round}`);
        const again = world.ledger.mark();
        assert.deepEqual(await tabs[0].burst(5, "/api/broken"), { 401: 5 });
        assert.deepEqual(timesSent(world, again), Array(5).fill(1), "a young token's 401 is the caller's");
        assert.equal(world.ledger.to(REFRESH, again).length, 0);
      }
      assert.deepEqual(await inAll(tabs, (tab) => tab.status()), ["signed-in", "signed-in"]);
    },
  );

  check(
    "retry-once: a replay that is refused when there is yet another token is the caller's",
    { accessTtl: "6s" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      await halfLife([tab]);
      const mark = world.ledger.mark();
      world.gateway.rule("/api/broken", async () => {
        if (world.ledger.to("/api/broken", mark).length > 1) await tab.run(() => tokens.refresh());
        return INVALID_TOKEN;
      });
      assert.equal(await tab.run(async () => (await tokens.fetch("/api/broken")).status), 401);
      assert.equal(world.ledger.to("/api/broken", mark).length, 2);
      assert.equal(world.ledger.to(REFRESH, mark).length, 2);
    },
  );

  check(
    "no-needless-refresh: a long-lived token refused before its tenth second is not refreshed, after it is",
    { accessTtl: "5m" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      const issuedAt = Date.now();
      script(world.gateway, "/api/broken", alwaysRefusing());
      const mark = world.ledger.mark();
      assert.deepEqual(await tab.burst(3, "/api/broken"), { 401: 3 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 0);
      await moment(issuedAt + 10_500);
      assert.deepEqual(await tab.burst(3, "/api/broken"), { 401: 3 });
      assert.deepEqual(await tab.burst(3, "/api/broken"), { 401: 3 });
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check(
    "no-needless-refresh: 401s without an end, asked all the time, cost one refresh in half a lifetime",
    { accessTtl: "4s" },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      script(world.gateway, "/api/broken", alwaysRefusing());
      const mark = world.ledger.mark();
      const start = Date.now();
      while (Date.now() < start + 8_000) {
        const answers = await inAll(tabs, (tab) => tab.burst(2, "/api/broken"));
        assert.deepEqual(sum(answers), { 401: 4 });
        await moment(Date.now() + 100);
      }
      const allowed = Math.ceil((Date.now() - start) / 2_000);
      const refreshes = world.ledger.to(REFRESH, mark).length;
      assert.ok(refreshes >= 1 && refreshes <= allowed, `${refreshes} refreshes, ${allowed} allowed`);
    },
  );

  check(
    "no-needless-refresh: insufficient_user_authentication asks for a step-up, insufficient_scope for nothing",
    { accessTtl: "2s" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      challenge(
        world,
        "/api/strong",
        'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="300"',
      );
      challenge(world, "/api/narrow", 'Bearer error="insufficient_scope", scope="write"');
      await halfLife([tab]);
      const mark = world.ledger.mark();
      assert.deepEqual(await tab.burst(1, "/api/narrow"), { 401: 1 });
      assert.deepEqual(await tab.events("step-up"), []);
      assert.deepEqual(await tab.burst(1, "/api/strong"), { 401: 1 });
      assert.deepEqual(timesSent(world, mark), [1, 1]);
      assert.equal(world.ledger.to(REFRESH, mark).length, 0);
      const [{ acrValues, maxAge }, ...more] = await tab.events("step-up");
      assert.deepEqual([[acrValues].flat().join(" "), Number(maxAge), more], ["gold silver", 300, []]);
    },
  );

  const stormed = { accessTtl: "4s", suffered: ["hoppscotch#5885", "supabase-js#2145"] };
  check("liveness: a session revoked from elsewhere ends in all tabs, once, without a loop", stormed, async (world) => {
    const tabs = await world.signedInTabs(3);
    await tabs[0].run(revokeThisSession);
    await expiry(tabs);
    const mark = world.ledger.mark();
    const outcomes = Object.keys(sum(await inAll(tabs, (tab) => tab.burst(5))));
    for (const outcome of outcomes) assert.ok(["401", "session-ended"].includes(outcome), outcome);
    await inAll(tabs, (tab) => tab.reaches("signed-out"));
    await moment(Date.now() + 2_000);
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    for (const tab of tabs) {
      const ends = await tab.events("signed-out");
      assert.equal(ends.length, 1, `signed-out events in tab ${tab.name}`);
      assert.ok(["ended", "elsewhere"].includes(ends[0].reason), ends[0].reason);
    }
    assert.deepEqual(await tabs[0].burst(3), { 401: 3 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1, "an ended session is not asked for again");
  });
});

/** Refuses every token; its body says how often this very request has come. */
function alwaysRefusing() {
  const times = new Map();
  return ({ url }) => {
    times.set(url, (times.get(url) ?? 0) + 1);
    return { ...INVALID_TOKEN, body: JSON.stringify({ time: times.get(url) }) };
  };
}

function challenge(world, path, header) {
  script(world.gateway, path, text(401, "{}", "application/json", { "www-authenticate": header }));
}

async function requests(count) {
  const one = async () => {
    const answer = await tokens.fetch(`/api/broken?as=${crypto.randomUUID()}`);
    return { status: answer.status, ...(await answer.json()) };
  };
  return Promise.all(Array.from({ length: count }, one));
}

async function revokeThisSession() {
  const answer = await tokens.fetch("/api/sessions");
  const listed = await answer.json();
  const { id } = (listed.sessions ?? listed).find(({ current }) => current);
  await tokens.fetch(`/api/sessions/${id}`, { method: "DELETE" });
}

/** How often each request since `mark` went out. */
function timesSent(world, mark) {
  const times = new Map();
  for (const { url } of world.ledger.to("/api/*", mark)) times.set(url, (times.get(url) ?? 0) + 1);
  return [...times.values()];
}
