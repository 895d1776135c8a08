import assert from "node:assert/strict";
import { count, heard, REFRESH, seconds, tokensAt } from "../support/looking.mjs";

const ME = "https://app.example/api/me";

export default {
  "confinement: what is intercepted gets the token at allowed origins, and goes as before elsewhere": async (
    create,
  ) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const { target, passed } = aTarget();
    const native = target.fetch;
    const undo = tokens.intercept(target);
    for (const input of [ME, new URL(ME), new Request(ME)]) assert.equal((await target.fetch(input)).status, 200);
    const posted = await target.fetch(new Request(ME, { method: "POST", body: "text" }));
    assert.equal(posted.status, 200);
    assert.equal(new Set(tokensAt(backend, "/api/me")).size, 1);
    assert.deepEqual(passed, []);
    const init = { method: "PUT" };
    await target.fetch("https://app.example.evil.example/", init);
    assert.deepEqual(passed, [["https://app.example.evil.example/", init]]);
    undo();
    assert.equal(target.fetch, native);
  },

  "retry-once: what is intercepted is sent again, once": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const { target } = aTarget();
    await tokens.ready;
    tokens.intercept(target);
    await clock.advance(seconds(11));
    backend.rejectTokens();
    assert.equal((await target.fetch(ME)).status, 200);
    assert.deepEqual([count(backend, "/api/me"), count(backend, REFRESH)], [2, 2]);
  },

  "what somebody has put there since stays there, and gets no token once it is undone": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const { target, passed } = aTarget();
    await tokens.ready;
    const undo = tokens.intercept(target);
    const ours = target.fetch;
    const theirs = (target.fetch = (...args) => ours(...args));
    undo();
    assert.equal(target.fetch, theirs);
    await target.fetch(ME);
    assert.deepEqual([passed.length, count(backend, "/api/me")], [1, 0]);
  },

  "all or nothing: where one of the two cannot be replaced, the other is as before": async (create) => {
    const { tokens } = await create();
    const { target } = aTarget();
    const native = target.fetch;
    const fixed = Object.defineProperty(target, "XMLHttpRequest", { value: class {}, writable: false });
    assert.throws(() => tokens.intercept(fixed), TypeError);
    assert.equal(target.fetch, native);
  },

  "an XMLHttpRequest that makes objects of its own is worth a warning, and any other none": async (create) => {
    const { tokens, clock } = await create();
    await tokens.ready;
    const events = heard(tokens);
    class Own {
      addEventListener() {}
      open() {}
    }
    class Wrapping {
      constructor() {
        // biome-ignore lint/correctness/noConstructorReturn: that is what such libraries do.
        return Object.assign(new Own(), { open() {} });
      }
    }
    tokens.intercept(Object.assign(aTarget().target, { XMLHttpRequest: Own }))();
    await clock.settle();
    assert.deepEqual(events, []);
    tokens.intercept(Object.assign(aTarget().target, { XMLHttpRequest: Wrapping }))();
    await clock.settle();
    assert.deepEqual(events, ["warning not-intercepted"]);
  },

  "the end of the manager is the end of it": async (create) => {
    const { tokens } = await create();
    const { target } = aTarget();
    const native = target.fetch;
    tokens.intercept(target);
    tokens.dispose();
    assert.equal(target.fetch, native);
    assert.throws(() => tokens.intercept(target), { name: "TokenholdError", code: "disposed" });
  },
};

/** An object like `window` that is not ours, and the requests that reached its original `fetch`. */
function aTarget() {
  const passed = [];
  const target = {
    fetch: async (...args) => {
      passed.push(args);
      return new Response();
    },
  };
  return { target, passed };
}
