import assert from "node:assert/strict";
import { count, outcome, REFRESH, refuses, seconds, tokensAt } from "../support/looking.mjs";

export default {
  "the page's own origin gets the token": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    for (const input of ["/api/me", new URL("https://app.example/api/me"), new Request("https://app.example/api/me")]) {
      assert.equal((await tokens.fetch(input)).status, 200);
    }
    assert.equal(new Set(tokensAt(backend, "/api/me")).size, 1);
    assert.notEqual(tokensAt(backend, "/api/me")[0], null);
  },

  "confinement: no other origin gets it": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const others = [
      "https://app.example.evil.example/",
      "http://app.example/",
      "https://app.example:8443/",
      "https://evil.example/?https://app.example",
    ];
    for (const url of others) await tokens.fetch(url);
    for (const url of others) assert.deepEqual(tokensAt(backend, url), [null], url);
    assert.equal(count(backend, REFRESH), 1);
  },

  "confinement: only origins that are allowed get it, then": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", attachTo: ["https://api.example.com"] });
    await tokens.fetch("https://api.example.com/me");
    await tokens.fetch("/api/me");
    assert.notEqual(tokensAt(backend, "https://api.example.com/me")[0], null);
    assert.deepEqual(tokensAt(backend, "/api/me"), [null]);
  },

  "a request to another origin waits for nothing": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const letGo = backend.hold(REFRESH);
    assert.equal((await tokens.fetch("https://other.example/")).status, 401);
    letGo();
    await tokens.ready;
  },

  "confinement: the auth endpoints get no token, and their 401 causes nothing": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 401 });
    for (const url of [REFRESH, `${REFRESH}?again`, "/auth/logout"]) {
      assert.equal((await tokens.fetch(url, { method: "POST" })).status, 401);
    }
    assert.deepEqual(tokensAt(backend, REFRESH), [null, null, null]);
    assert.deepEqual(tokensAt(backend, "/auth/logout"), [null]);
    assert.equal(tokens.status, "signed-in");
  },

  "a caller's Authorization is left alone, and switches the manager off": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const response = await tokens.fetch("/api/me", { headers: { authorization: "Bearer mine" } });
    assert.equal(response.status, 401);
    await tokens.fetch(new Request("https://app.example/api/me", { headers: { Authorization: "Bearer mine" } }));
    assert.deepEqual(tokensAt(backend, "/api/me"), ["mine", "mine"]);
    assert.equal(count(backend, REFRESH), 1);
  },

  "signed out, a request goes without a token, and a 401 comes back as it is": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.deepEqual(tokensAt(backend, "/api/me"), [null]);
    assert.equal(count(backend, REFRESH), 1);
  },

  "a request is sent as it was written": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.fetch("/api/items?page=2", { method: "PATCH", headers: { "X-Trace": "7" }, body: '{"a":1}' });
    const [request] = backend.requestsTo("/api/items");
    assert.equal(request.url, "https://app.example/api/items?page=2");
    assert.equal(request.method, "PATCH");
    assert.equal(request.headers.get("X-Trace"), "7");
    assert.equal(await request.text(), '{"a":1}');
  },

  "a request is fixed when it is made, not when it is sent": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    const url = new URL("https://app.example/api/me");
    const body = new URLSearchParams("a=1");
    const sent = tokens.fetch(url, { method: "POST", body });
    url.host = "evil.example";
    body.set("a", "2");
    await sent;
    const [request] = backend.requestsTo("/api/me");
    assert.equal(await request.text(), "a=1");
    assert.equal(count(backend, "https://evil.example/api/me"), 0);
  },

  "the response is the backend's own": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    backend.respond("/api/me", Response.json({ name: "Alice" }, { status: 203, headers: { "X-Answer": "yes" } }));
    const response = await tokens.fetch("/api/me");
    assert.ok(response instanceof Response);
    assert.equal(response.status, 203);
    assert.equal(response.headers.get("X-Answer"), "yes");
    assert.deepEqual(await response.json(), { name: "Alice" });
  },

  "what fetch rejects with, the caller gets": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.goOffline();
    await assert.rejects(tokens.fetch("/api/me"), { name: "TypeError", message: "Failed to fetch" });
    assert.equal(count(backend, "/api/me"), 1);
  },

  "what cannot be a request is rejected, never thrown": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    await assert.rejects(tokens.fetch("http://["), TypeError);
    await assert.rejects(tokens.fetch("/api/me", { method: "GET", body: "x" }), TypeError);
  },

  "fetch can be taken off the manager": async (create) => {
    const { fetch } = (await create({ signedIn: "alice" })).tokens;
    assert.equal((await fetch("/api/me")).status, 200);
  },

  "a token that has expired is refreshed first": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(301));
    const answers = await Promise.all([1, 2, 3].map(() => tokens.fetch("/api/me")));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(count(backend, "/api/me"), 3);
  },

  "a token that is about to expire is refreshed first": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(295) - 1);
    await tokens.fetch("/api/me");
    assert.equal(count(backend, REFRESH), 1);
    await clock.advance(1);
    await tokens.fetch("/api/me");
    assert.equal(count(backend, REFRESH), 2);
  },

  "of a short life, a tenth is enough": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice", expiresIn: 10 });
    await tokens.ready;
    await page.hide();
    await clock.advance(8_900);
    await tokens.fetch("/api/me");
    assert.equal(count(backend, REFRESH), 1);
    await clock.advance(200);
    await tokens.fetch("/api/me");
    assert.equal(count(backend, REFRESH), 2);
  },

  "a request that waited when the session ended is not sent as nobody": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(301));
    backend.endSession();
    await refuses(tokens.fetch("/api/me"), "session-ended");
    assert.equal(count(backend, "/api/me"), 0);
  },

  "one-identity: a request that waited as one person is not sent as another": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(301));
    const letGo = backend.hold(REFRESH);
    const sent = tokens.fetch("/api/me");
    const refused = refuses(sent, "session-ended");
    await clock.settle();
    await tokens.signIn(backend.signIn("bob"));
    await refused;
    letGo();
    await clock.settle();
    assert.equal(count(backend, "/api/me"), 0);
    assert.equal(tokens.claims?.sub, "bob");
  },

  "an AbortSignal works while a request waits, and cancels nothing for others": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const letGo = backend.hold(REFRESH);
    const controller = new AbortController();
    const [aborted, other] = [tokens.fetch("/api/me", { signal: controller.signal }), tokens.fetch("/api/me")];
    const reason = new Error("changed my mind");
    const rejects = assert.rejects(aborted, (error) => error === reason);
    await clock.settle();
    controller.abort(reason);
    await rejects;
    letGo();
    assert.equal((await other).status, 200);
    assert.equal(count(backend, "/api/me"), 1);
  },

  "an AbortSignal works while a request is under way": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.hold("/api/me");
    const controller = new AbortController();
    const aborted = tokens.fetch("/api/me", { signal: controller.signal });
    const rejects = assert.rejects(aborted, { name: "AbortError" });
    await clock.settle();
    assert.equal(count(backend, "/api/me"), 1);
    controller.abort();
    await rejects;
  },

  "an AbortSignal that has been triggered already sends nothing that waits": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    await assert.rejects(tokens.fetch("/api/me", { signal: AbortSignal.abort() }), { name: "AbortError" });
  },

  "an API takes as long as it takes": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const letGo = backend.hold("/api/slow");
    const answer = tokens.fetch("/api/slow");
    await clock.advance(seconds(120));
    assert.equal(await outcome(answer, clock), "pending");
    letGo();
    assert.equal((await answer).status, 200);
  },

  "confinement: the token is there for those who asked for it by name": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", exposeToken: true });
    const token = await tokens.accessToken();
    await tokens.fetch("/api/me");
    assert.deepEqual(tokensAt(backend, "/api/me"), [token]);
    await tokens.logout();
    assert.equal(await tokens.accessToken(), null);
  },

  "confinement: and for nobody else": async (create) => {
    const { tokens } = await create({ signedIn: "alice" });
    assert.equal("accessToken" in tokens, false);
  },

  "a token that is asked for by name is renewed first": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice", exposeToken: true });
    const before = await tokens.accessToken();
    await page.hide();
    await clock.advance(seconds(301));
    assert.notEqual(await tokens.accessToken(), before);
    assert.equal(count(backend, REFRESH), 2);
  },
};
