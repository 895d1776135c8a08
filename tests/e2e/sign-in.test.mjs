import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { claimsOf } from "./support/jwt.mjs";
import { REFRESH, bearer } from "./support/ledger.mjs";
import { hold, refuseTokens, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("signing in", (check) => {
  check("liveness: in one tab, it reaches the others, without a refresh", {}, async (world) => {
    const tabs = await world.hiddenTabs(3);
    assert.deepEqual(await inAll(tabs, (tab) => tab.status()), Array(3).fill("signed-out"));
    const mark = world.ledger.mark();
    await tabs[1].signIn("alice");
    await inAll(tabs, (tab) => tab.reaches("signed-in"));
    assert.deepEqual(await inAll(tabs, (tab) => tab.subject()), Array(3).fill(world.subject()));
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
    for (const tab of tabs) assert.equal((await tab.events("signed-in")).length, 1);
  });

  check("liveness: signIn() without an argument signs in by the cookie", {}, async (world) => {
    const tabs = await world.hiddenTabs(2);
    await tabs[0].run(logIn, "bob");
    await tabs[0].run(() => tokens.signIn().then(() => {}));
    await inAll(tabs, (tab) => tab.reaches("signed-in"));
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(2))), { 200: 4 });
  });

  const mixed = { accessTtl: "4s", suffered: ["AxaFrance/oidc-client#1022"] };
  check("one-identity: signing in as another person reaches the other tabs", mixed, async (world) => {
    const tabs = await world.signedInTabs(3);
    const alice = world.subject();
    await tabs[2].signIn("bob");
    const bob = world.subject();
    assert.notEqual(alice, bob);
    await inAll(tabs, (tab) => tab.run(reachSubject, bob));
    const mark = world.ledger.mark();
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
    await expiry(tabs);
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 15 });
    assert.deepEqual(subjectsSent(world, mark), new Set([bob]));
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check(
    "one-identity: requests queued as one person never leave with another's token",
    { accessTtl: "3s" },
    async (world) => {
      const [waiting, other] = await world.signedInTabs(2);
      const bob = await queuedWhileBobSignsIn(world, { refresher: waiting, waiting, other });
      await waiting.run(reachSubject, bob);
      const mark = world.ledger.mark();
      assert.deepEqual(await waiting.burst(2), { 200: 2 });
      assert.deepEqual(subjectsSent(world, mark), new Set([bob]));
    },
  );

  check(
    "one-identity: a request that waits for another tab's refresh is not sent as another person",
    { accessTtl: "3s" },
    async (world) => {
      const [refresher, waiting, other] = await world.signedInTabs(3);
      await queuedWhileBobSignsIn(world, { refresher, waiting, other });
    },
  );

  check(
    "one-identity: a queued request is not sent as a person who signs in in the same tab",
    { accessTtl: "3s" },
    async (world) => {
      const [refresher, tab] = await world.signedInTabs(2);
      await queuedWhileBobSignsIn(world, { refresher, waiting: tab, other: tab });
    },
  );

  check("one-identity: a request refused as one person is not replayed as another", {}, async (world) => {
    const [tab, other] = await world.signedInTabs(2);
    refuseTokens(world.gateway);
    const late = hold(world.gateway, "/api/notes", { after: true });
    const mark = world.ledger.mark();
    const answers = tab.burst(2, "/api/notes");
    await late.arrived;
    await other.signIn("bob");
    const bob = world.subject();
    await tab.run(reachSubject, bob);
    late.release();
    const outcomes = await bounded(answers, "the refused requests");
    for (const outcome of Object.keys(outcomes)) assert.ok(["401", "session-ended"].includes(outcome), outcome);
    assert.ok(!subjectsSent(world, mark, "/api/notes").has(bob), "replayed with another person's token");
  });
});

/**
 * Tab `refresher` refreshes, and requests of alice wait in tab `waiting`, when bob signs in in tab `other`; then the refresh
 * fails, so that its late cookie does not undo bob's. No request of alice may leave with bob's token. Returns bob's subject.
 */
async function queuedWhileBobSignsIn(world, { refresher, waiting, other }) {
  await expiry([refresher, waiting]);
  const unscript = script(world.gateway, REFRESH, text(503, "busy"));
  const held = hold(world.gateway, REFRESH, { count: 1 });
  const mark = world.ledger.mark();
  const refreshed = refresher.run(() => outcome(tokens.refresh()));
  await held.arrived;
  const answers = waiting.burst(5, "/api/notes");
  await other.signIn("bob");
  const bob = world.subject();
  held.release();
  unscript();
  const [outcomes] = await bounded(Promise.all([answers, refreshed]), "the queued requests");
  assert.equal(outcomes[200], undefined, JSON.stringify(outcomes));
  assert.ok(!subjectsSent(world, mark, "/api/notes").has(bob), "queued as alice, sent as bob");
  return bob;
}

function subjectsSent(world, mark, path = "/api/*") {
  const tokens = world.ledger
    .to(path, mark)
    .map(({ headers }) => bearer(headers))
    .filter(Boolean);
  return new Set(tokens.map((token) => claimsOf(token).sub));
}

async function logIn(username) {
  const headers = { "Content-Type": "application/json", "X-Requested-With": "tokenhold" };
  await fetch("/auth/login", {
    method: "POST",
    headers,
    body: JSON.stringify({ username, password: "correct horse" }),
  });
}

function reachSubject(subject) {
  return new Promise((resolve) => {
    const look = () => tokens.claims?.sub === subject && resolve(true);
    tokens.subscribe(look);
    look();
  });
}
