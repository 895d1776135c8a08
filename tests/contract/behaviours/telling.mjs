import assert from "node:assert/strict";
import { heard, REFRESH, refuses, seconds } from "../support/looking.mjs";

/** The causes of the tokens from now on, and whose they are. */
function causes(tokens) {
  const told = [];
  tokens.on("signed-in", ({ cause, person }) => told.push(`${person}: ${cause}`));
  tokens.on("refreshed", ({ cause }) => told.push(cause));
  return told;
}

export default {
  "a token's event says how it has come": async (create) => {
    const { tokens, backend, clock, otherTab } = await create({ signedIn: "alice" });
    const told = causes(tokens);
    await tokens.ready;
    await clock.advance(seconds(20));
    await tokens.refresh();
    await otherTab.refresh();
    await tokens.signIn(backend.signIn("alice"));
    assert.deepEqual(told, ["first: restore", "refresh", "elsewhere", "sign-in"]);
  },

  "a sign-in says whether it is the same person, whatever happened in between": async (create) => {
    const { tokens, backend, otherTab } = await create();
    const told = causes(tokens);
    await tokens.ready;
    await tokens.signIn(backend.signIn("alice"));
    await tokens.logout();
    await tokens.signIn(backend.signIn("alice"));
    await otherTab.logout();
    await otherTab.signIn("alice");
    await otherTab.signIn("bob");
    await tokens.signIn(() => backend.signIn("alice"));
    assert.deepEqual(told, [
      "first: sign-in",
      "same: sign-in",
      "same: elsewhere",
      "other: elsewhere",
      "other: sign-in",
    ]);
  },

  "opaque tokens name nobody: each sign-in is another person's, a renewal is not": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", opaque: true });
    const told = causes(tokens);
    await tokens.ready;
    await clock.advance(seconds(20));
    await tokens.refresh();
    await tokens.signIn(backend.signIn("alice"));
    assert.deepEqual(told, ["first: restore", "refresh", "other: sign-in"]);
  },

  "a failed sign-in is no outage": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    const events = heard(tokens);
    backend.fail({ status: 503 });
    await refuses(tokens.signIn(), "refresh-failed");
    assert.deepEqual(events, []);
  },

  "the end of an outage is told, also where nobody is signed in": async (create) => {
    for (const [signedIn, ...events] of [
      ["alice", "change signed-in", "signed-in", "recovered"],
      [undefined, "change signed-out", "recovered"],
    ]) {
      const { tokens, backend, clock } = await create({ signedIn });
      backend.fail({ status: 503, times: 2 });
      const told = heard(tokens);
      await tokens.ready;
      await clock.advance(seconds(10));
      assert.deepEqual(told, ["refresh-failed 503", "refresh-failed 503", ...events]);
    }
  },

  "the signal ends with the session, and another one begins": async (create) => {
    const { tokens, backend, clock, otherTab } = await create({ signedIn: "alice" });
    const early = tokens.signal;
    await tokens.ready;
    await clock.advance(seconds(20));
    await tokens.refresh();
    await tokens.signIn(backend.signIn("alice"));
    assert.equal(tokens.signal, early);
    assert.equal(early.aborted, false);

    await tokens.logout();
    assert.equal(early.reason.code, "session-ended");
    assert.equal(tokens.signal.aborted, false);

    const second = tokens.signal;
    await tokens.signIn(backend.signIn("alice"));
    assert.equal(second.aborted, false);
    await otherTab.signIn("bob");
    assert.equal(second.reason.code, "session-ended");

    const third = tokens.signal;
    await otherTab.logout();
    assert.equal(third.reason.code, "session-ended");
  },

  "it has ended before the app hears of it, and ends a request": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.settle();
    const { signal } = tokens;
    const seen = [];
    for (const type of ["change", "signed-out"])
      tokens.on(type, () => seen.push([signal.aborted, tokens.signal.aborted, tokens.status]));
    backend.hold("/api/stream");
    const stream = tokens.fetch("/api/stream", { signal });
    await clock.settle();
    const refused = refuses(stream, "session-ended");
    await tokens.logout();
    await refused;
    const over = [true, false, "signed-out"];
    assert.deepEqual(seen, [over, over]);
  },

  "another person's has begun when the app hears of them": async (create) => {
    const { tokens, clock, otherTab } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.settle();
    const { signal } = tokens;
    const seen = [];
    tokens.on("change", ({ snapshot: { status, claims } }) =>
      seen.push([status, claims?.sub, signal.aborted, tokens.signal.aborted]),
    );
    await otherTab.signIn("bob");
    assert.deepEqual(seen, [
      ["restoring", undefined, false, false],
      ["signed-in", "bob", true, false],
    ]);
  },

  "it ends with the manager": async (create) => {
    const { tokens } = await create();
    const { signal } = tokens;
    tokens.dispose();
    assert.equal(signal.reason.code, "disposed");
    assert.equal(tokens.signal, signal);
  },

  "it outlives an outage": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", refresh: { url: REFRESH, timeout: 2_000 } });
    await tokens.ready;
    const { signal } = tokens;
    backend.goOffline();
    await clock.advance(seconds(600));
    backend.goOnline();
    await clock.advance(seconds(60));
    assert.deepEqual([tokens.status, signal.aborted, tokens.signal === signal], ["signed-in", false, true]);
  },
};
