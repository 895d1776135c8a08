/** What only `tokenhold/testing` has: its backend, its clock, its chance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestBackend, createTestTokenManager } from "../../dist/testing/index.js";

test("it needs no options, and no page", async (context) => {
  const { tokens, backend } = make(context);
  await tokens.ready;
  assert.equal(tokens.status, "signed-out");
  assert.equal(backend.requests[0].url, "https://app.example/auth/refresh");
});

test("the backend answers as it is told: JSON, a response, a function; what was told last counts", async (context) => {
  const { tokens, backend } = make(context, { signedIn: "alice" });
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

test("chance is what the options say: a token is refreshed at half of its life at the earliest, at nine tenths at the latest", async (context) => {
  for (const [random, point] of [
    [0, 150_000],
    [0.5, 210_000],
    [1, 270_000],
  ]) {
    const { tokens, backend, clock } = make(context, { signedIn: "alice", random: () => random });
    await tokens.ready;
    await clock.advance(point - 1);
    assert.equal(backend.requests.length, 1);
    await clock.advance(1);
    assert.equal(backend.requests.length, 2);
  }
});

test("time stands still unless it is moved, and what is due meanwhile happens at its moment", async (context) => {
  const { tokens, clock } = make(context, { signedIn: "alice", now: 0 });
  const moments = [];
  tokens.on("refreshed", () => moments.push(clock.now));
  await clock.advance(1_000_000);
  assert.deepEqual(moments, [210_000, 420_000, 630_000, 840_000]);
  assert.equal(clock.now, 1_000_000);
});

test("another tab cannot refresh where there is no session", async (context) => {
  const { otherTab } = make(context);
  await assert.rejects(otherTab.refresh(), /no session/);
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

function make(context, options) {
  const world = createTestTokenManager(options);
  context.after(() => world.tokens.dispose());
  return world;
}
