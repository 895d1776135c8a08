import assert from "node:assert/strict";
import { count, heard, REFRESH, refuses, seconds, tokensAt } from "../support/looking.mjs";

/** A manager whose token is old enough to be refreshed after a 401. */
async function signedIn(create, options) {
  const world = await create({ signedIn: "alice", ...options });
  await world.tokens.ready;
  await world.clock.advance(seconds(11));
  return world;
}

const challenge = (value) => new Response("no", { status: 401, headers: { "WWW-Authenticate": value } });

export default {
  "a 401 is answered by one refresh and one replay, which the caller does not notice": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.rejectTokens();
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    const [first, second, ...more] = tokensAt(backend, "/api/me");
    assert.notEqual(first, second);
    assert.deepEqual(more, []);
    assert.equal(count(backend, REFRESH), 2);
  },

  "retry-once: the second answer is the caller's, whatever it is": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.respond("/api/me", () => new Response("never", { status: 401 }));
    const response = await tokens.fetch("/api/me");
    assert.equal(response.status, 401);
    assert.equal(await response.text(), "never");
    assert.equal(count(backend, "/api/me"), 2);
    assert.equal(count(backend, REFRESH), 2);
  },

  "retry-once: also when that answer takes so long that its token is not young any more": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    let letGo;
    const second = new Promise((resolve) => (letGo = resolve));
    backend.respond("/api/me", async () => {
      if (count(backend, "/api/me") > 1) await second;
      return new Response(null, { status: 401 });
    });
    const answer = tokens.fetch("/api/me");
    await clock.advance(seconds(20));
    assert.equal(count(backend, "/api/me"), 2);
    letGo();
    assert.equal((await answer).status, 401);
    assert.equal(count(backend, "/api/me"), 2);
    assert.equal(count(backend, REFRESH), 2);
  },

  "no-needless-refresh: an API that always says 401 causes no loop": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.respond("/api/me", () => new Response(null, { status: 401 }));
    for (let calls = 0; calls < 5; calls++) await tokens.fetch("/api/me");
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(count(backend, "/api/me"), 6);
  },

  "a token that is rejected while young is not refreshed": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.advance(seconds(9));
    backend.rejectTokens();
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.equal(count(backend, REFRESH), 1);
    await clock.advance(seconds(2));
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "of a short life, half is young": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice", expiresIn: 8 });
    await tokens.ready;
    await page.hide();
    await clock.advance(3_900);
    backend.rejectTokens();
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    await clock.advance(200);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "no-needless-refresh: a storm of 401s costs one refresh": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.rejectTokens();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokens.fetch("/api/me")));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(count(backend, "/api/me"), 40);
  },

  "no-needless-refresh: a late 401 is replayed with the token that has come since": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    const letGo = backend.hold("/api/slow");
    const slow = tokens.fetch("/api/slow");
    await clock.settle();
    backend.rejectTokens();
    await tokens.refresh();
    letGo();
    assert.equal((await slow).status, 200);
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(count(backend, "/api/slow"), 2);
  },

  "a 401 whose refresh fails is told as that": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.rejectTokens();
    backend.fail({ status: 503 });
    await refuses(tokens.fetch("/api/me"), "refresh-failed");
    assert.equal(tokens.status, "signed-in");
  },

  "a 401 that turns out to be the session's end is the caller's": async (create) => {
    const { tokens, backend } = await signedIn(create);
    const events = heard(tokens);
    backend.endSession();
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.deepEqual(events, ["change signed-out", "signed-out ended"]);
    assert.equal(count(backend, "/api/me"), 1);
  },

  "insufficient_scope causes no refresh": async (create) => {
    const { tokens, backend } = await signedIn(create);
    const events = heard(tokens);
    backend.respond("/api/admin", challenge('Bearer realm="x, y", error="insufficient_scope", scope="admin"'));
    assert.equal((await tokens.fetch("/api/admin")).status, 401);
    assert.equal(count(backend, REFRESH), 1);
    assert.deepEqual(events, []);
  },

  "a step-up challenge causes an event and no refresh": async (create) => {
    const { tokens, backend } = await signedIn(create);
    const seen = [];
    tokens.on("step-up", ({ acrValues, maxAge }) => seen.push([acrValues, maxAge]));
    const stepUp = 'Bearer error="insufficient_user_authentication"';
    backend.respond("/api/one", challenge(`${stepUp}, acr_values="phr  phrh", max_age="300"`));
    backend.respond("/api/two", challenge(stepUp));
    assert.equal((await tokens.fetch("/api/one")).status, 401);
    assert.equal((await tokens.fetch("/api/two")).status, 401);
    assert.deepEqual(seen, [
      [["phr", "phrh"], 300],
      [[], null],
    ]);
    assert.equal(count(backend, REFRESH), 1);
  },

  "of several challenges, the first of Bearer counts": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    const headers = {
      'Basic realm="a", Bearer error=insufficient_scope': 1,
      'bearer ERROR = "insufficient_scope"': 1,
      'Basic realm="error=\\"insufficient_scope", Bearer': 2,
      'Basic error="insufficient_scope", Bearer error="invalid_token"': 2,
      'Bearer error="invalid_token", Bearer error="insufficient_scope"': 2,
      'DPoP error="insufficient_scope"': 2,
      "": 2,
    };
    for (const [header, sent] of Object.entries(headers)) {
      backend.respond("/api/x", challenge(header));
      const before = count(backend, "/api/x");
      await tokens.fetch("/api/x");
      assert.equal(count(backend, "/api/x") - before, sent, header);
      await clock.advance(seconds(11));
    }
  },

  "bodies that can be sent again are": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    const form = new FormData();
    form.set("a", "1");
    const bodies = ["text", new URLSearchParams("a=1"), new Blob(["blob"]), new Uint8Array([1, 2]), form];
    for (const body of bodies) {
      backend.rejectTokens();
      const before = backend.requestsTo("/api/save").length;
      assert.equal((await tokens.fetch("/api/save", { method: "POST", body })).status, 200);
      const [first, second] = backend.requestsTo("/api/save").slice(before);
      assert.ok((await first.arrayBuffer()).byteLength > 0);
      assert.equal(second.method, "POST");
      assert.ok((await second.arrayBuffer()).byteLength > 0);
      await clock.advance(seconds(11));
    }
  },

  "retry-once: a one-shot stream is never sent again": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.rejectTokens();
    const body = new Blob(["once"]).stream();
    assert.equal((await tokens.fetch("/api/save", { method: "POST", body, duplex: "half" })).status, 401);
    assert.equal(count(backend, "/api/save"), 1);
    assert.equal(count(backend, REFRESH), 1);
  },

  "which statuses say that a token is stale is an option": async (create) => {
    const { tokens, backend } = await signedIn(create, { rejected: [419] });
    let status = 419;
    backend.respond("/api/me", () => new Response(null, { status: (status += 1) - 1 }));
    assert.equal((await tokens.fetch("/api/me")).status, 420);
    assert.equal(count(backend, REFRESH), 2);
    assert.equal((await tokens.fetch("https://app.example/api/me")).status, 421);
    assert.equal(count(backend, REFRESH), 2);
  },

  "or a function, given a copy of the response": async (create) => {
    const rejected = async (response) => (await response.json()).error === "stale";
    const { tokens, backend } = await signedIn(create, { rejected });
    let calls = 0;
    backend.respond("/api/me", () => (calls++ === 0 ? { error: "stale" } : { name: "Alice" }));
    assert.deepEqual(await (await tokens.fetch("/api/me")).json(), { name: "Alice" });
    assert.equal(count(backend, REFRESH), 2);
  },

  "the copy that a function leaves unread is let go, and the answer is whole": async (create) => {
    let copy;
    const rejected = (response) => {
      copy = response;
      return false;
    };
    const { tokens, backend } = await signedIn(create, { rejected });
    backend.respond("/api/me", () => ({ name: "Alice" }));
    const answer = await tokens.fetch("/api/me");
    assert.equal(copy.bodyUsed, true, "it has been canceled");
    assert.deepEqual(await answer.json(), { name: "Alice" });
  },

  "a function that throws has nothing to say": async (create) => {
    const rejected = () => {
      throw new Error("mine");
    };
    const { tokens, backend } = await signedIn(create, { rejected });
    backend.rejectTokens();
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.equal(count(backend, REFRESH), 1);
  },

  "an AbortSignal works while a replay waits, and cancels no refresh": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.rejectTokens();
    const letGo = backend.hold(REFRESH);
    const controller = new AbortController();
    const aborted = tokens.fetch("/api/me", { signal: controller.signal });
    const other = tokens.fetch("/api/me");
    const rejects = assert.rejects(aborted, { name: "AbortError" });
    await clock.settle();
    controller.abort();
    await rejects;
    letGo();
    assert.equal((await other).status, 200);
    assert.equal(count(backend, "/api/me"), 3);
    assert.equal(count(backend, REFRESH), 2);
  },

  "liveness: a refresh that never answers keeps nobody for longer than its time": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.rejectTokens();
    backend.hold(REFRESH);
    const refused = refuses(tokens.fetch("/api/me"), "refresh-failed");
    await clock.advance(seconds(11));
    await refused;
    assert.equal(tokens.status, "signed-in");
  },

  "one-identity: what was rejected as one person is not sent again as another": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.rejectTokens();
    const letGo = backend.hold(REFRESH);
    const answer = tokens.fetch("/api/me");
    await clock.settle();
    await tokens.signIn(backend.signIn("bob"));
    assert.equal((await answer).status, 401);
    assert.equal(count(backend, "/api/me"), 1);
    letGo();
    await clock.settle();
    assert.equal(tokens.claims?.sub, "bob");
  },
};
