import assert from "node:assert/strict";
import { moment } from "./support/clock.mjs";
import { epoch, jwt } from "./support/jwt.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { CUT_OFF, accept, json, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";

const FAILED = ["refresh-failed"];
const ENDED = ["session-ended"];
const ADOPTED = ["resolved"];
const EITHER = ["resolved", "refresh-failed"];

/**
 * Answers of the refresh endpoint, each with the outcomes of `tokens.refresh()` that make sense.
 *
 * @type {Record<string, [answer: (record: { url: string }) => import("./support/gateway.mjs").Answer, sane: string[]]>}
 */
const garbage = {
  "an HTML page": [() => text(200, "<!doctype html><h1>Sign in</h1>"), FAILED],
  "an HTML page that claims to be JSON": [() => text(200, "<h1>Sign in</h1>", "application/json"), FAILED],
  "the JSON null": [() => text(200, "null", "application/json"), FAILED],
  "an empty array": [() => json(200, []), FAILED],
  "a number": [() => json(200, 42), FAILED],
  "a string": [() => json(200, "access_token"), FAILED],
  "an empty object": [() => json(200, {}), FAILED],
  "an empty body": [() => text(200, "", "application/json"), FAILED],
  "no content": [() => ({ status: 204 }), FAILED],
  "cut-off JSON": [() => text(200, '{"access_token":"ey', "application/json"), FAILED],
  "bytes that are no UTF-8": [() => text(200, Buffer.from([0xff, 0xfe, 0x7b, 0x80]), "application/json"), FAILED],
  "JSON nested 100 000 deep": [() => text(200, "[".repeat(100_000), "application/json"), FAILED],
  "10 MB of HTML": [() => text(200, `<p>${"x".repeat(10_000_000)}`), FAILED],
  "10 MB of JSON beside a good token": [() => json(200, { ...good(), padding: "x".repeat(10_000_000) }), EITHER],
  "a token of 10 MB": [() => json(200, { ...good(), access_token: "x".repeat(10_000_000) }), EITHER],
  "a number for a token": [() => json(200, { ...good(), access_token: 7 }), FAILED],
  "null for a token": [() => json(200, { ...good(), access_token: null }), FAILED],
  "an object for a token": [() => json(200, { ...good(), access_token: { a: 1 } }), FAILED],
  "an empty token": [() => json(200, { ...good(), access_token: "" }), FAILED],
  "a token with a line break": [() => json(200, { ...good(), access_token: "a\r\nX-Evil: 1" }), FAILED],
  "a token that no header can carry": [() => json(200, { ...good(), access_token: "töken→" }), FAILED],
  "an opaque token": [() => json(200, { access_token: "opaque-0123456789", expires_in: 300 }), ADOPTED],
  "an opaque token without a lifetime": [() => json(200, { access_token: "opaque-0123456789" }), ADOPTED],
  "a token that only looks like a JWT": [() => json(200, { access_token: "a.b.c", expires_in: 300 }), ADOPTED],
  "a JWT whose claims are an array": [() => json(200, { access_token: jwt([1]), expires_in: 300 }), ADOPTED],
  "a JWT without a lifetime in the answer": [() => json(200, { access_token: fresh() }), ADOPTED],
  "a JWT without any lifetime": [() => json(200, { access_token: jwt({ sub: "a" }) }), ADOPTED],
  "exp in the past": [() => json(200, { access_token: jwt({ sub: "a", exp: epoch(-3_600) }) }), EITHER],
  "exp before iat": [() => json(200, { access_token: jwt({ sub: "a", iat: epoch(), exp: epoch(-60) }) }), EITHER],
  "exp as a string": [() => json(200, { access_token: jwt({ sub: "a", exp: "soon" }), expires_in: 300 }), ADOPTED],
  "exp beyond all dates": [() => json(200, { access_token: jwt({ sub: "a", exp: 1e300 }) }), EITHER],
  "a negative lifetime": [() => json(200, { ...good(), expires_in: -300 }), EITHER],
  "a lifetime of zero": [() => json(200, { ...good(), expires_in: 0 }), EITHER],
  "a huge lifetime": [() => json(200, { ...good(), expires_in: 1e300 }), EITHER],
  "a lifetime beyond numbers": [
    () => text(200, `{"access_token":"${fresh()}","expires_in":1e999}`, "application/json"),
    EITHER,
  ],
  "a fractional lifetime": [() => json(200, { ...good(), expires_in: 299.5 }), ADOPTED],
  "a lifetime in words": [() => json(200, { ...good(), expires_in: "soon" }), EITHER],
  "a lifetime in digits": [() => json(200, { ...good(), expires_in: "300" }), EITHER],
  "an object for a lifetime": [() => json(200, { ...good(), expires_in: {} }), EITHER],
  "null for a lifetime": [() => json(200, { ...good(), expires_in: null }), EITHER],
  "expires_at in the past": [() => json(200, { access_token: "opaque", expires_at: "2001-01-01T00:00:00Z" }), EITHER],
  "expires_at in words": [() => json(200, { access_token: "opaque", expires_at: "tomorrow" }), EITHER],
  "400 with HTML": [() => text(400, "<h1>Bad</h1>"), ENDED],
  "401 without a body": [() => ({ status: 401 }), ENDED],
  "403 with a good token": [() => json(403, good()), ENDED],
  404: [() => text(404, "not found"), FAILED],
  418: [() => text(418, "teapot"), FAILED],
  "500 with a good token": [() => json(500, good()), FAILED],
  "429 for an hour": [() => text(429, "slow down", "text/plain", { "retry-after": "3600" }), FAILED],
  "503 with a nonsensical Retry-After": [() => text(503, "busy", "text/plain", { "retry-after": "soon, -1" }), FAILED],
  "a redirect to an HTML page": [() => ({ status: 302, headers: { location: "/login" } }), FAILED],
  "a redirect to itself": [({ url }) => ({ status: 307, headers: { location: url } }), FAILED],
  "an answer that breaks off": [() => CUT_OFF, FAILED],
  "a broken connection": [() => null, FAILED],
};

/** Refresh requests that one manager may send in the time of the test, what a caller asked for included. */
const MOST_REQUESTS = 8;
/**
 * The requests that a browser makes of one: it follows some 20 redirects, and tries a broken connection three times.
 */
const MULTIPLIED = { "a redirect to itself": 25, "a broken connection": 3 };

/** A busy machine takes its time to read 10 MB: too late an answer is still good, but makes another story. */
const TIMEOUT_MS = 40_000;
/** So long may anything wait for a token: the bound that README.md names. */
const LONGEST_WAIT_MS = 3 * TIMEOUT_MS + 15_000;

anyEngine("garbage from the refresh endpoint", (check) => {
  check(
    "liveness: every kind settles with a typed error or a sane outcome, without a loop",
    { allow: ["oneFlight"] },
    async (world) => {
      const tab = await world.bareTab();
      script(world.gateway, "/login", text(200, "<!doctype html><h1>Sign in</h1>"));
      script(world.gateway, REFRESH, (record) => Object.values(garbage)[kindOf(record)][0](record));
      accept(world.gateway, "/api/free");
      const kinds = Object.keys(garbage);
      // Each waits up to three times in a row: for `ready`, `refresh()` and `fetch()`.
      const results = await tab.runWithin(4 * LONGEST_WAIT_MS, tryAll, kinds.length, TIMEOUT_MS, LONGEST_WAIT_MS);
      await moment(Date.now() + 3_000);
      for (const [at, kind] of kinds.entries()) assertSane(world, kind, at, results[at]);
      assert.equal(await tab.run(() => 6 * 7), 42, "the page is alive");
    },
  );

  check("liveness: a person can sign in, and the session goes on, after all the garbage", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    for (const kind of ["an HTML page", "the JSON null", "a number for a token", "a broken connection"]) {
      const restore = script(world.gateway, REFRESH, garbage[kind][0]);
      assert.equal(await tab.run(() => outcome(tokens.refresh())), "refresh-failed", kind);
      assert.equal(await tab.status(), "signed-in", kind);
      assert.deepEqual(await tab.burst(2), { 200: 2 }, kind);
      restore();
    }
    assert.equal(await tab.run(() => outcome(tokens.refresh())), "resolved");
    assert.deepEqual(await tab.events("signed-out"), []);
  });
});

function assertSane(world, kind, at, { ready, status, refreshed, fetched, error }) {
  const expected = garbage[kind][1];
  const requests = world.ledger.to(REFRESH).filter((record) => kindOf(record) === at).length;
  const most = MOST_REQUESTS * (MULTIPLIED[kind] ?? 1);
  assert.equal(ready, "resolved", `${kind}: ready`);
  assert.ok(expected.includes(refreshed), `${kind}: refresh() is ${refreshed}, not ${expected.join(" or ")}`);
  assert.equal(status === "signed-in", refreshed === "resolved", `${kind}: ${status} after ${refreshed}`);
  if (expected === ENDED) assert.equal(status, "signed-out", kind);
  assert.ok([200, "refresh-failed", "session-ended", "TypeError"].includes(fetched), `${kind}: fetch is ${fetched}`);
  assert.ok(error === null || error.typed, `${kind}: an error of the wrong type: ${JSON.stringify(error)}`);
  assert.ok(requests >= 1 && requests <= most, `${kind}: ${requests} refresh requests`);
}

/** In the page: one manager for each kind, each in a group and with a refresh URL of its own, all at once. */
async function tryAll(count, timeout, longestWait) {
  const { createTokenManager, isTokenholdError } = await import("/tokenhold/index.js");
  return Promise.all(Array.from({ length: count }, (_, at) => tryOne(at)));

  async function tryOne(at) {
    const refresh = { url: `/auth/refresh?kind=${at}`, timeout };
    const tokens = await createTokenManager({ refresh, name: `kind-${at}` });
    const ready = await settled(tokens.ready);
    let error = null;
    const refreshed = await settled(tokens.refresh().catch((reason) => Promise.reject((error = reason))));
    const status = tokens.status;
    const fetched = await settled(tokens.fetch(`/api/free?kind=${at}`));
    tokens.dispose();
    return {
      ready,
      status,
      refreshed,
      fetched,
      error: error && { typed: isTokenholdError(error), text: String(error) },
    };
  }

  function settled(promise) {
    const late = new Promise((resolve) => setTimeout(resolve, longestWait, `nothing within ${longestWait} ms`));
    return Promise.race([outcome(promise), late]);
  }
}

function kindOf({ url }) {
  return Number(new URL(url, "http://localhost").searchParams.get("kind"));
}

function good() {
  return { access_token: fresh(), token_type: "Bearer", expires_in: 300 };
}

function fresh() {
  return jwt({ sub: "someone", iat: epoch(), exp: epoch(300) });
}
