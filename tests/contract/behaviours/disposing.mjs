import assert from "node:assert/strict";
import { count, heard, REFRESH, refuses, seconds } from "../support/looking.mjs";

export default {
  "liveness: what waits is rejected": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    backend.hold(REFRESH);
    const waiting = [tokens.fetch("/api/me"), tokens.refresh(), tokens.signIn()].map((call) =>
      refuses(call, "disposed"),
    );
    await clock.settle();
    tokens.dispose();
    await Promise.all(waiting);
    await tokens.ready;
    assert.equal(count(backend, "/api/me"), 0);
  },

  "so is everything after it": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    tokens.dispose();
    const before = backend.requests.length;
    for (const call of [tokens.fetch("/api/me"), tokens.refresh(), tokens.signIn({}), tokens.logout()]) {
      await refuses(call, "disposed");
    }
    assert.equal(backend.requests.length, before);
  },

  "nothing is told and nothing is sent any more": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.settle();
    const events = heard(tokens);
    tokens[Symbol.dispose]();
    tokens.dispose();
    await clock.advance(seconds(3_600));
    assert.deepEqual(events, []);
    assert.equal(count(backend, REFRESH), 1);
  },

  "what was known stays readable": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    await tokens.ready;
    const snapshot = tokens.snapshot();
    tokens.dispose();
    assert.equal(tokens.snapshot(), snapshot);
  },

  "an answer that comes after it changes nothing": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const letGo = backend.hold(REFRESH);
    await clock.settle();
    tokens.dispose();
    letGo();
    await clock.settle();
    assert.equal(tokens.status, "restoring");
  },
};
