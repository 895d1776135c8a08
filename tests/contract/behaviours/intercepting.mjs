import assert from "node:assert/strict";
import { REFRESH, count, seconds, tokensAt } from "../support/looking.mjs";

/** Something that has a `fetch` of its own. */
function someWindow() {
  const sent = [];
  const fetch = async (...args) => {
    sent.push(args);
    return new Response("native");
  };
  return { target: { fetch }, fetch, sent };
}

export default {
  "requests to allowed origins get the token, others go where they went": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const { target, sent } = someWindow();
    tokens.intercept(target);
    assert.equal((await target.fetch("/api/me")).status, 200);
    assert.equal(await (await target.fetch("https://other.example/", { method: "POST" })).text(), "native");
    assert.deepEqual(sent, [["https://other.example/", { method: "POST" }]]);
    assert.equal(typeof tokensAt(backend, "/api/me")[0], "string");
  },

  "a 401 is answered for them as well": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const { target } = someWindow();
    tokens.intercept(target);
    await tokens.ready;
    await clock.advance(seconds(11));
    backend.rejectTokens();
    assert.equal((await target.fetch(new Request("/api/me"))).status, 200);
    assert.equal(count(backend, REFRESH), 2);
  },

  "it is undone by what it returns, or when the manager is disposed of": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    const [one, other] = [someWindow(), someWindow()];
    const undo = tokens.intercept(one.target);
    tokens.intercept(other.target);
    assert.notEqual(one.target.fetch, one.fetch);
    undo();
    assert.equal(one.target.fetch, one.fetch);
    tokens.dispose();
    assert.equal(other.target.fetch, other.fetch);
  },
};
