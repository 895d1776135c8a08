import assert from "node:assert/strict";
import { count, heard, REFRESH, refuses, seconds, tokensAt } from "../support/looking.mjs";

export default {
  "nobody is signed in: one refresh, and it is known": async (create) => {
    const { tokens, backend } = await create();
    const events = heard(tokens);
    assert.equal(tokens.status, "restoring");
    await tokens.ready;
    assert.deepEqual(tokens.snapshot(), { status: "signed-out", claims: null, expiresAt: null });
    assert.equal(count(backend, REFRESH), 1);
    assert.deepEqual(events, ["change signed-out"]);
  },

  "somebody is signed in: claims and expiry are known": async (create) => {
    const { tokens, clock } = await create({ signedIn: { sub: "alice", role: "admin" }, expiresIn: 600 });
    const events = heard(tokens);
    await tokens.ready;
    assert.equal(tokens.status, "signed-in");
    assert.deepEqual(tokens.claims, { sub: "alice", role: "admin" });
    assert.equal(tokens.expiresAt, clock.now + seconds(600));
    assert.deepEqual(events, ["change signed-in", "signed-in"]);
  },

  "the refresh request is a bare POST with a custom header": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    const [request] = backend.requestsTo(REFRESH);
    assert.equal(request.method, "POST");
    assert.equal(request.credentials, "same-origin");
    assert.equal(request.headers.get("X-Requested-With"), "tokenhold");
    assert.equal(request.headers.get("Authorization"), null);
    assert.equal(request.headers.get("Content-Type"), null);
    assert.equal(await request.text(), "");
  },

  "a request of another shape is sent as the options say": async (create) => {
    const refresh = {
      url: "https://auth.example/token",
      method: "PUT",
      headers: { "X-App": "shop" },
      body: { grant_type: "refresh_token" },
    };
    const { tokens, backend } = await create({ refresh });
    await tokens.ready;
    const [request] = backend.requestsTo("https://auth.example/token");
    assert.equal(request.method, "PUT");
    assert.equal(request.credentials, "include");
    assert.equal(request.headers.get("X-App"), "shop");
    assert.equal(request.headers.get("X-Requested-With"), null);
    assert.equal(request.headers.get("Content-Type"), "application/json");
    assert.deepEqual(await request.json(), { grant_type: "refresh_token" });
  },

  "a readable cookie is copied into a header, anew for every attempt": async (create) => {
    const refresh = { url: REFRESH, csrf: { cookie: "csrf", header: "X-CSRF" } };
    const { tokens, backend, page } = await create({ refresh, restore: false });
    for (const value of ["one", "two"]) {
      page.cookie = `other=x; csrf=${value}`;
      await tokens.signIn().catch(() => {});
    }
    const sent = backend.requestsTo(REFRESH).map(({ headers }) => headers.get("X-CSRF"));
    assert.deepEqual(sent, ["one", "two"]);
  },

  "without restoring, nobody is asked": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", restore: false });
    const events = heard(tokens);
    await tokens.ready;
    await clock.advance(seconds(600));
    assert.equal(tokens.status, "signed-out");
    assert.deepEqual(events, ["change signed-out"]);
    assert.equal(backend.requests.length, 0);
  },

  "without restoring, refresh() finds the session": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", restore: false });
    await tokens.ready;
    await tokens.refresh();
    assert.equal(tokens.claims?.sub, "alice");
    assert.equal(count(backend, REFRESH), 1);
  },

  "without restoring, refresh() says that there is none": async (create) => {
    const { tokens, backend } = await create({ restore: false });
    const events = heard(tokens);
    await tokens.ready;
    await refuses(tokens.refresh(), "session-ended");
    await refuses(tokens.refresh(), "session-ended");
    assert.equal(count(backend, REFRESH), 1);
    assert.deepEqual(events, ["change signed-out"]);
  },

  "without restoring, a request is sent without a token": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice", restore: false });
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.deepEqual(tokensAt(backend, "/api/me"), [null]);
  },

  "requests wait while restoring, and all go with the token": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const letGo = backend.hold(REFRESH);
    const answers = [1, 2, 3].map(() => tokens.fetch("/api/me"));
    await clock.settle();
    assert.equal(count(backend, "/api/me"), 0);
    letGo();
    assert.deepEqual(
      (await Promise.all(answers)).map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(count(backend, REFRESH), 1);
    assert.equal(new Set(tokensAt(backend, "/api/me")).size, 1);
  },

  "requests that waited go without a token when nobody is signed in": async (create) => {
    const { tokens, backend } = await create();
    assert.equal((await tokens.fetch("/api/me")).status, 401);
    assert.deepEqual(tokensAt(backend, "/api/me"), [null]);
  },

  "a backend that is down is no sign-out: it goes on restoring, and finds the session later": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const events = heard(tokens);
    backend.fail({ status: 503, times: 1 });
    await tokens.ready;
    await clock.settle();
    assert.equal(tokens.status, "restoring");
    assert.deepEqual(events, ["refresh-failed 503"]);
    await clock.advance(seconds(2));
    assert.equal(tokens.status, "signed-in");
  },

  "liveness: ready resolves even if no answer ever comes": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    backend.hold(REFRESH);
    let isReady = false;
    void tokens.ready.then(() => (isReady = true));
    await clock.advance(seconds(9));
    assert.equal(isReady, false);
    await clock.advance(seconds(2));
    assert.equal(isReady, true);
    assert.equal(tokens.status, "restoring");
  },
};
