import assert from "node:assert/strict";
import { count, heard, outcome, REFRESH, refuses, seconds } from "../support/looking.mjs";

export default {
  "keep-serving: a refresh that fails disturbs nobody while the token is valid": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    backend.fail({ status: 503 });
    const error = await refuses(tokens.refresh(), "refresh-failed");
    assert.equal(error.cause.message, "HTTP status 503");
    assert.deepEqual(events, ["refresh-failed 503"]);
    assert.equal(tokens.status, "signed-in");
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "without a network, the cause is what fetch says": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    backend.goOffline();
    const error = await refuses(tokens.refresh(), "refresh-failed");
    assert.ok(error.cause instanceof TypeError);
    assert.deepEqual(events, ["refresh-failed unanswered"]);
  },

  "an answer without a token is a failure": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 204, times: 1 });
    const error = await refuses(tokens.refresh(), "refresh-failed");
    assert.equal(error.cause.message, "HTTP status 204");
    assert.equal(tokens.status, "signed-in");
  },

  "an attempt has its time, and an answer that comes later still counts": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", refresh: { url: REFRESH, timeout: 2_000 } });
    await tokens.ready;
    await clock.advance(seconds(10));
    const letGo = backend.hold(REFRESH);
    const call = tokens.refresh();
    call.catch(() => {});
    await clock.advance(1_900);
    assert.equal(await outcome(call, clock), "pending");
    await clock.advance(200);
    await refuses(call, "refresh-failed");
    assert.equal(tokens.expiresAt, clock.now - 2_100 - seconds(10) + seconds(300));
    letGo();
    await clock.settle();
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
  },

  "one-identity: unless somebody else has signed in since": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", refresh: { url: REFRESH, timeout: 2_000 } });
    await tokens.ready;
    await clock.advance(seconds(10));
    const letGo = backend.hold(REFRESH);
    await Promise.all([refuses(tokens.refresh(), "refresh-failed"), clock.advance(2_100)]);
    await tokens.signIn({ access_token: "anothers", expires_in: 300 });
    const snapshot = tokens.snapshot();
    letGo();
    await clock.settle();
    assert.equal(tokens.snapshot(), snapshot);
  },

  "it is tried again by itself, later each time": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const failures = [];
    tokens.on("refresh-failed", ({ attempt, retryInMs }) => failures.push([attempt, retryInMs]));
    backend.fail({ status: 500, times: 4 });
    await tokens.refresh().catch(() => {});
    await clock.advance(seconds(16));
    assert.deepEqual(
      failures.map(([attempt]) => attempt),
      [1, 2, 3, 4],
    );
    for (const [attempt, wait] of failures)
      assert.ok(wait >= 0 && wait <= 1_000 * 2 ** (attempt - 1), `${attempt}: ${wait}`);
    assert.equal(count(backend, REFRESH), 6);
    await clock.advance(seconds(20));
    assert.equal(count(backend, REFRESH), 6);
  },

  "but never later than a minute": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const waits = [];
    tokens.on("refresh-failed", ({ retryInMs }) => waits.push(retryInMs));
    backend.fail({ status: 503 });
    await clock.advance(seconds(3_600));
    const longest = Math.max(...waits);
    assert.ok(longest > seconds(50) && longest <= seconds(60), `${longest}`);
  },

  "Retry-After is kept, with up to a fifth more": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 429, retryAfter: 30, times: 1 });
    let retryIn;
    tokens.on("refresh-failed", ({ retryInMs }) => (retryIn = retryInMs));
    await tokens.refresh().catch(() => {});
    assert.ok(retryIn >= seconds(30) && retryIn <= seconds(36), `${retryIn}`);
    await clock.advance(seconds(29));
    assert.equal(count(backend, REFRESH), 2);
    await clock.advance(seconds(8));
    assert.equal(count(backend, REFRESH), 3);
  },

  "but not for longer than an hour, and as much": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 429, retryAfter: 86_400 });
    let retryIn;
    tokens.on("refresh-failed", ({ retryInMs }) => (retryIn = retryInMs));
    await tokens.refresh().catch(() => {});
    assert.ok(retryIn >= seconds(3_600) && retryIn <= seconds(4_320), `${retryIn}`);
  },

  "while the backend is to be left alone for long, callers are told at once": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 429, retryAfter: 30 });
    await tokens.refresh().catch(() => {});
    const error = await refuses(tokens.refresh(), "refresh-failed");
    assert.equal(error.cause.message, "HTTP status 429");
    assert.equal(count(backend, REFRESH), 2);
    await clock.settle();
  },

  "while it is for a moment only, callers wait for it": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 503, retryAfter: 3, times: 1 });
    await tokens.refresh().catch(() => {});
    const call = tokens.refresh();
    assert.equal(await outcome(call, clock), "pending");
    await clock.advance(seconds(4));
    await call;
    assert.equal(count(backend, REFRESH), 3);
  },

  "the network's return ends the back-off": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    backend.goOffline();
    await tokens.refresh().catch(() => {});
    backend.goOnline();
    await clock.settle();
    assert.deepEqual(events, ["refresh-failed unanswered", "change signed-in", "refreshed", "recovered"]);
  },

  "the network's return does not end what the backend has asked for": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    backend.fail({ status: 503, retryAfter: 20, times: 1 });
    await tokens.refresh().catch(() => {});
    backend.goOnline();
    await clock.advance(seconds(19));
    assert.equal(count(backend, REFRESH), 2);
  },

  "liveness: a request rejects when the token has expired and no new one can be had": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(400));
    backend.fail({ status: 503 });
    await refuses(tokens.fetch("/api/me"), "refresh-failed");
    assert.equal(count(backend, "/api/me"), 0);
    backend.recover();
    await clock.advance(seconds(60));
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "keep-serving: a token that is about to expire serves when no new one can be had": async (create) => {
    const { tokens, backend, clock, page } = await create({ signedIn: "alice" });
    await tokens.ready;
    await page.hide();
    await clock.advance(seconds(297));
    backend.fail({ status: 503, retryAfter: 2 });
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    assert.equal(count(backend, REFRESH), 2);
  },

  "confinement: no error has the token in it": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    await tokens.fetch("/api/me");
    const [token] = backend.requestsTo("/api/me").map(({ headers }) => headers.get("Authorization").slice(7));
    backend.goOffline();
    const errors = [await refuses(tokens.refresh(), "refresh-failed")];
    tokens.dispose();
    errors.push(await refuses(tokens.refresh(), "disposed"));
    for (const { message, stack, cause } of errors) assert.ok(!`${message}${stack}${cause}`.includes(token));
  },
};
