import assert from "node:assert/strict";
import { mock } from "node:test";
import { count, heard, LOGOUT, REFRESH, refuses, seconds, tokensAt } from "../support/looking.mjs";

async function signedIn(create, options) {
  const world = await create({ signedIn: "alice", ...options });
  await world.tokens.ready;
  await world.clock.settle();
  return { ...world, events: heard(world.tokens) };
}

export default {
  "logout-final: a logout in another tab ends the session here": async (create) => {
    const { tokens, backend, otherTab, events } = await signedIn(create);
    const before = backend.requests.length;
    await otherTab.logout();
    assert.deepEqual(events, ["change signed-out", "signed-out elsewhere"]);
    assert.equal(tokens.claims, null);
    await refuses(tokens.refresh(), "session-ended");
    assert.ok(backend.requests.slice(before).every(({ url }) => url.endsWith(LOGOUT)));
  },

  "a refresh in another tab renews the token here": async (create) => {
    const { tokens, backend, clock, otherTab, events } = await signedIn(create);
    await tokens.fetch("/api/me");
    await clock.advance(seconds(100));
    await otherTab.refresh();
    assert.deepEqual(events, ["change signed-in", "refreshed"]);
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
    await tokens.fetch("/api/me");
    const [before, after] = tokensAt(backend, "/api/me");
    assert.notEqual(before, after);
  },

  "somebody else who signs in in another tab is signed in here": async (create) => {
    const { tokens, otherTab, events } = await signedIn(create);
    await otherTab.signIn("bob");
    assert.equal(tokens.claims?.sub, "bob");
    assert.deepEqual(events, ["change restoring", "change signed-in", "signed-in"]);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "who signs in in another tab is signed in here, without a request": async (create) => {
    const { tokens, backend, otherTab } = await create();
    await tokens.ready;
    const events = heard(tokens);
    await otherTab.signIn("alice");
    assert.equal(tokens.claims?.sub, "alice");
    assert.deepEqual(events.at(-1), "signed-in");
    assert.equal(count(backend, REFRESH), 1);
  },

  "no-needless-refresh: what was rejected goes again with the token of another tab": async (create) => {
    const { tokens, backend, clock, otherTab } = await signedIn(create);
    await clock.advance(seconds(11));
    const letGo = backend.hold("/api/slow");
    const slow = tokens.fetch("/api/slow");
    await clock.settle();
    backend.rejectTokens();
    await otherTab.refresh();
    const refreshes = count(backend, REFRESH);
    letGo();
    assert.equal((await slow).status, 200);
    assert.equal(count(backend, REFRESH), refreshes);
  },

  "liveness: another tab that does not hand its token over is waited for no longer than two seconds": async (
    create,
  ) => {
    const { backend, clock, otherTab } = await signedIn(create);
    const broken = mock.method(crypto.subtle, "encrypt", () => Promise.reject(new Error("broken")));
    try {
      const refreshed = otherTab.tokens.refresh();
      await clock.advance(seconds(2) - 1);
      assert.equal(count(backend, REFRESH), 1);
      await clock.advance(1);
      assert.equal(count(backend, REFRESH), 2);
      await refreshed;
    } finally {
      broken.mock.restore();
    }
  },

  "one-identity: what was rejected is not sent again as who has signed in in another tab": async (create) => {
    const { tokens, backend, clock, otherTab } = await signedIn(create);
    await clock.advance(seconds(11));
    const letGo = backend.hold("/api/slow");
    const slow = tokens.fetch("/api/slow");
    await clock.settle();
    await otherTab.signIn("bob");
    letGo();
    assert.equal((await slow).status, 401);
    assert.equal(count(backend, "/api/slow"), 1);
  },
};
