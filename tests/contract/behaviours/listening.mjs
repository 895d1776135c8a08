import assert from "node:assert/strict";
import { heard } from "../support/looking.mjs";

export default {
  "snapshots are frozen to the bottom, and the same until something changes": async (create) => {
    const { tokens } = await create({ signedIn: { sub: "alice", groups: [{ name: "staff" }] } });
    await tokens.ready;
    const snapshot = tokens.snapshot();
    assert.ok([snapshot, snapshot.claims, snapshot.claims.groups, snapshot.claims.groups[0]].every(Object.isFrozen));
    await tokens.fetch("/api/me");
    assert.equal(tokens.snapshot(), snapshot);
    assert.equal(tokens.claims, snapshot.claims);
    await tokens.refresh();
    assert.notEqual(tokens.snapshot(), snapshot);
  },

  "an event carries the snapshot that it leaves, and is frozen": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    const seen = [];
    tokens.on("signed-in", (event) =>
      seen.push([Object.isFrozen(event), event.type, event.snapshot === tokens.snapshot()]),
    );
    await tokens.ready;
    assert.deepEqual(seen, [[true, "signed-in", true]]);
  },

  "each method can be handed on by itself": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", logout: "/auth/logout" });
    const { fetch, signIn, refresh, logout, intercept, on, subscribe, snapshot, dispose } = tokens;
    const seen = [];
    on("refreshed", ({ type }) => seen.push(type));
    subscribe(() => seen.push(snapshot().status));
    await tokens.ready;
    await refresh();
    assert.equal((await fetch("/api/me")).status, 200);
    await logout();
    assert.deepEqual(seen, ["signed-in", "signed-in", "refreshed", "signed-out"]);
    backend.signIn("bob");
    await signIn();
    assert.equal(snapshot().status, "signed-in");
    intercept({ fetch })();
    dispose();
    await assert.rejects(fetch("/api/me"), { code: "disposed" });
  },

  "a listener that throws harms nobody, and is reported": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    await clock.settle();
    const reported = [];
    const before = globalThis.reportError;
    globalThis.reportError = (error) => reported.push(error.message);
    try {
      tokens.on("signed-in", () => {
        throw new Error("mine");
      });
      const events = heard(tokens);
      await tokens.signIn({ access_token: "opaque" });
      assert.deepEqual(events, ["change signed-in", "signed-in"]);
      assert.deepEqual(reported, ["mine"]);
    } finally {
      globalThis.reportError = before;
    }
  },

  "the same function may listen twice, and each time is ended alone": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    await clock.settle();
    let calls = 0;
    const listener = () => calls++;
    const off = tokens.on("signed-in", listener);
    tokens.on("signed-in", listener);
    await tokens.signIn({ access_token: "one" });
    assert.equal(calls, 2);
    off();
    off();
    await tokens.signIn({ access_token: "two" });
    assert.equal(calls, 3);
  },

  "who has been stopped is told nothing more, not even of the event of the moment": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    await clock.settle();
    const seen = [];
    tokens.on("change", () => off());
    const off = tokens.on("change", () => seen.push("stopped"));
    tokens.on("signed-in", () => tokens.dispose());
    tokens.on("signed-in", () => seen.push("disposed of"));
    tokens.signIn({ access_token: "opaque" }).catch(() => {});
    await clock.settle();
    assert.deepEqual(seen, []);
  },

  "subscribe tells of each change, until it is ended": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    await clock.settle();
    const { subscribe, snapshot } = tokens;
    const seen = [];
    const off = subscribe((...values) => seen.push([...values, snapshot().status]));
    await tokens.signIn({ access_token: "one" });
    off();
    await tokens.logout();
    assert.deepEqual(seen, [["signed-in"]]);
  },

  "what a listener does is done, and its events come after": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    await clock.settle();
    const events = [];
    tokens.on("change", ({ snapshot }) => {
      events.push(`change ${snapshot.status}`);
      if (snapshot.status === "signed-in") tokens.logout().catch(() => {});
    });
    tokens.on("signed-in", () => events.push("signed-in"));
    tokens.on("signed-out", () => events.push("signed-out"));
    await tokens.signIn({ access_token: "one" });
    assert.deepEqual(events, ["change signed-in", "signed-in", "change signed-out", "signed-out"]);
  },

  "there are no other events, and only functions listen": async (create) => {
    const { tokens } = await create({ restore: false });
    assert.throws(() => tokens.on("signed-up", () => {}), TypeError);
    assert.throws(() => tokens.on("change", {}), TypeError);
  },
};
