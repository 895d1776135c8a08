/** The parts that only `tokenhold/testing` has: its backend, its clock, its seed, its other tab. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestBackend, createTestTokenManager } from "../../dist/testing/index.js";
import { count, REFRESH, refuses, seconds } from "./support/looking.mjs";
import { createWorld as make } from "./support/world.mjs";

test("it needs no options, and no page", async (context) => {
  const { tokens, backend } = make(context);
  await tokens.ready;
  assert.equal(tokens.status, "signed-out");
  assert.equal(backend.requests[0].url, "https://app.example/auth/refresh");
});

test("the backend answers as it is told: JSON, a response, a function; what was told last counts", async (context) => {
  const { tokens, backend } = make(context, { signedIn: "alice" });
  /** @param {Parameters<typeof tokens.fetch>} args */
  const answer = async (...args) => (await tokens.fetch(...args)).json();
  assert.deepEqual(await answer("/api/me"), {});
  backend.respond("*", "anything");
  backend.respond("/api/me", { name: "Alice" });
  backend.respond("POST /api/me", async (request) => ({ echo: await request.json() }));
  backend.respond("https://other.example/", Response.json([1]), { isPublic: true });
  assert.deepEqual(await answer("/api/me?x"), { name: "Alice" });
  assert.deepEqual(await answer("/api/me"), { name: "Alice" });
  assert.deepEqual(await answer("/api/me", { method: "POST", body: "7" }), { echo: 7 });
  assert.deepEqual(await answer("https://other.example/"), [1]);
  assert.deepEqual(await answer("https://other.example/"), [1]);
  assert.equal(await answer("/else"), "anything");
});

test("without a valid token an API answers 401, unless it is public", async (context) => {
  const { tokens, backend } = make(context);
  backend.respond("/api/news", ["hello"], { isPublic: true });
  assert.equal((await tokens.fetch("/api/me")).status, 401);
  assert.deepEqual(await (await tokens.fetch("/api/news")).json(), ["hello"]);
});

test("requests are kept, with bodies that can be read", async (context) => {
  const { tokens, backend } = make(context, { signedIn: "alice" });
  await tokens.fetch("/api/me", { method: "PUT", body: "a" });
  await tokens.fetch("/api/me");
  assert.deepEqual(
    backend.requests.map(({ method }) => method),
    ["POST", "PUT", "GET"],
  );
  assert.equal(backend.requestsTo("/api/me").length, 2);
  assert.equal(await backend.requestsTo("PUT /api/me")[0].text(), "a");
});

test("answers are held back until they are let go, whatever the time", async (context) => {
  const { tokens, backend, clock } = make(context, { signedIn: "alice" });
  const letGo = backend.hold();
  await clock.advance(5_000);
  assert.equal(tokens.status, "restoring");
  letGo();
  await clock.settle();
  assert.equal(tokens.status, "signed-in");
});

test("the lifetime of tokens to come can be changed", async (context) => {
  const { tokens, backend, clock } = make(context, { signedIn: "alice", now: new Date(0), expiresIn: 60 });
  await tokens.ready;
  assert.equal(tokens.expiresAt, 60_000);
  backend.expiresIn = 10;
  await tokens.refresh();
  assert.equal(tokens.expiresAt, clock.now + 10_000);
});

test("a test goes the same way each time, and another way with another seed", async (context) => {
  const moments = async (seed) => {
    const { tokens, clock } = make(context, { signedIn: "alice", now: 0, seed });
    const seen = [];
    tokens.on("refreshed", () => seen.push(clock.now));
    await clock.advance(seconds(3_000));
    return seen;
  };
  const [unsaid, first, second] = [await moments(), await moments(1), await moments(2)];
  assert.deepEqual(unsaid, first);
  assert.notDeepEqual(first, second);
});

test("chance is a seed: anything else is refused", async (context) => {
  for (const options of [{ seed: 0.5 }, { seed: "1" }, { seed: NaN }, { random: () => 0.5 }]) {
    const [option] = Object.keys(options);
    const { message } = await refuses((async () => make(context, options))(), "invalid-option");
    assert.ok(message.startsWith(`option \`${option}\` `), message);
  }
});

test("an option of the fake's own that is of a wrong type is refused by its name", async (context) => {
  const wrong = {
    signedIn: [null, 1, true, ["alice"]],
    expiresIn: ["300", NaN, Infinity, -1, {}],
    opaque: ["yes", 1, null],
    now: ["2030-01-01", NaN, Infinity, 1e16, new Date(NaN), null, {}],
    secureContext: ["no", 0, null],
  };
  for (const [option, values] of Object.entries(wrong)) {
    for (const value of values) {
      const { message } = await refuses((async () => make(context, { [option]: value }))(), "invalid-option");
      assert.ok(message.startsWith(`option \`${option}\` `), message);
    }
  }
  for (const options of [null, 1, "alice", []])
    await refuses((async () => createTestTokenManager(/** @type {any} */ (options)))(), "invalid-option");
  await refuses((async () => createTestBackend({ expiresIn: -1 }))(), "invalid-option");
});

test("two tabs are two, whatever the seed", async (context) => {
  for (const seed of [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, Number.MIN_SAFE_INTEGER]) {
    const { tokens, otherTab } = make(context, { signedIn: "alice", seed });
    await tokens.ready;
    await otherTab.signIn("bob");
    assert.equal(tokens.claims.sub, "bob", `seed ${seed}`);
  }
});

test("time goes forward only, by a number", async (context) => {
  const { tokens, clock } = make(context, { signedIn: "alice", now: 0 });
  for (const ms of [-1, NaN, Infinity, undefined, /** @type {any} */ ("5")])
    await assert.rejects(clock.advance(ms), RangeError);
  await clock.advance(0);
  assert.deepEqual([clock.now, tokens.status], [0, "signed-in"]);
});

test("time stands still unless it is moved, and what is due meanwhile happens at its moment", async (context) => {
  const { tokens, clock } = make(context, { signedIn: "alice", now: 0 });
  const moments = [];
  tokens.on("refreshed", () => moments.push([clock.now, tokens.expiresAt - seconds(300)]));
  await clock.advance(seconds(1_000));
  assert.ok(moments.length > 2);
  for (const [moment, born] of moments) assert.equal(moment, born);
  assert.equal(clock.now, seconds(1_000));
});

test("time can always be moved, whatever the seed and however the backend fails", async (context) => {
  const faults = [
    (backend) => backend.fail({ status: 503 }),
    (backend) => backend.fail({ status: 503, retryAfter: 0 }),
    (backend) => backend.fail({ status: 200 }),
    (backend) => backend.goOffline(),
    (backend) => void backend.hold(),
  ];
  for (const seed of [-1, 0, 1, 2 ** 32]) {
    for (const fail of faults) {
      const { tokens, backend, clock } = make(context, { signedIn: "alice", seed });
      await tokens.ready;
      fail(backend);
      await clock.advance(seconds(299));
      await Promise.all([tokens.logout(), clock.advance(seconds(300))]);
      assert.ok(backend.requests.length < 50, `${backend.requests.length} requests`);
    }
  }
});

test("an app that goes in circles is told so", async (context) => {
  const { tokens, clock } = make(context, { signedIn: "alice" });
  await tokens.ready;
  tokens.on("refreshed", () => void tokens.refresh().catch(() => {}));
  await assert.rejects(clock.advance(seconds(300)), /this moment never ends/);
});

test("nothing of the page around it is asked", async (context) => {
  replace(context, Date, "now");
  replace(context, performance, "now");
  replace(context, crypto, "getRandomValues");
  for (const name of ["setTimeout", "BroadcastChannel", "navigator", "document", "fetch"])
    replace(context, globalThis, name);
  const { tokens, clock, otherTab, page } = make(context, { signedIn: "alice" });
  page.cookie = "";
  await clock.advance(seconds(300));
  await otherTab.refresh();
  assert.equal((await tokens.fetch("/api/me")).status, 200);
  await tokens.logout();
  assert.equal(otherTab.tokens.status, "signed-out");
});

test("the other tab has a manager of its own, opened when it is first needed, without a request", async (context) => {
  const { tokens, backend, clock, otherTab } = make(context, { signedIn: { sub: "alice", role: "admin" } });
  await tokens.ready;
  assert.equal(otherTab.tokens, otherTab.tokens);
  assert.notEqual(otherTab.tokens, tokens);
  await clock.settle();
  assert.deepEqual(otherTab.tokens.snapshot(), tokens.snapshot());
  assert.equal((await otherTab.tokens.fetch("/api/me")).status, 200);
  assert.deepEqual([count(backend, REFRESH), count(backend, "/api/me")], [1, 1]);
  await tokens.signIn(backend.signIn("bob"));
  await clock.settle();
  assert.equal(otherTab.tokens.claims.sub, "bob");
  await tokens.logout();
  await clock.settle();
  assert.equal(otherTab.tokens.status, "signed-out");
});

test("the other tab is in the background: it refreshes nothing ahead of time", async (context) => {
  const { tokens, backend, clock, otherTab, page } = make(context, { signedIn: "alice" });
  await tokens.ready;
  await otherTab.refresh();
  await page.hide();
  await clock.advance(seconds(3_000));
  assert.equal(count(backend, REFRESH), 2);
});

test("the options are those of both tabs, and so are the cookies", async (context) => {
  const refresh = { url: "/token", csrf: { cookie: "csrf", header: "X-CSRF" } };
  const { backend, clock, otherTab, page } = make(context, { refresh, signedIn: "alice", exposeToken: true });
  page.cookie = "csrf=1";
  await otherTab.refresh();
  assert.equal(backend.requestsTo("/token").at(-1).headers.get("X-CSRF"), "1");
  await clock.settle();
  assert.equal(typeof (await otherTab.tokens.accessToken()), "string");
});

test("in an insecure context, a tab gets nothing from the other", async (context) => {
  const { tokens, clock, otherTab } = make(context, { signedIn: "alice", secureContext: false });
  await tokens.ready;
  assert.equal(otherTab.tokens.status, "signed-out");
  await clock.settle();
  assert.equal(otherTab.tokens.status, "signed-out");
  await otherTab.refresh();
  assert.equal(otherTab.tokens.claims.sub, "alice");
});

test("another tab cannot refresh where there is no session", async (context) => {
  const { otherTab } = make(context);
  await refuses(otherTab.refresh(), "session-ended");
});

test("it takes no fetch: nothing of it ever leaves", async (context) => {
  const { tokens, backend } = make(context, { fetch: () => assert.fail("it has been sent"), signedIn: "alice" });
  assert.equal((await tokens.fetch("https://api.example.com/")).status, 401);
  assert.equal(backend.requests.length, 2);
});

test("two managers have nothing in common", async (context) => {
  const [one, other] = [make(context, { signedIn: "alice" }), make(context, { signedIn: "bob" })];
  await Promise.all([one.tokens.ready, other.tokens.ready]);
  await one.tokens.logout();
  assert.equal(other.tokens.claims.sub, "bob");
});

test("the backend alone answers whoever asks, by the real time", async () => {
  const backend = createTestBackend({
    refresh: { url: "/token", response: { token: "data.jwt", expiresInUnit: "ms" } },
  });
  assert.equal((await backend.fetch("/token", { method: "POST" })).status, 401);
  backend.signIn({ sub: "alice" });
  const { data, expires_in } = await (await backend.fetch("/token", { method: "POST" })).json();
  assert.equal(expires_in, 300_000);
  const headers = { Authorization: `Bearer ${data.jwt}` };
  assert.equal((await backend.fetch("/api/me", { headers })).status, 200);
});

/** Replaces a property by one that fails when it is read, until the test is over. */
function replace(context, object, name) {
  const before = Object.getOwnPropertyDescriptor(object, name);
  const get = () => assert.fail(`the real ${name} has been asked for`);
  Object.defineProperty(object, name, { configurable: true, get });
  context.after(() => (before ? Object.defineProperty(object, name, before) : delete object[name]));
}
