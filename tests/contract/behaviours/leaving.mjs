import assert from "node:assert/strict";
import { count, heard, LOGOUT, outcome, REFRESH, refuses, seconds, tokensAt } from "../support/looking.mjs";

async function signedIn(create, options) {
  const world = await create({ signedIn: "alice", ...options });
  await world.tokens.ready;
  return { ...world, events: heard(world.tokens) };
}

export default {
  "logging out is at once here, then at the backend": async (create) => {
    const { tokens, backend, events } = await signedIn(create);
    const call = tokens.logout();
    assert.equal(tokens.status, "signed-out");
    await call;
    assert.equal(backend.hasSession, false);
    assert.deepEqual(events, ["change signed-out", "signed-out logout"]);
    const [request, ...more] = backend.requestsTo(LOGOUT);
    assert.deepEqual(more, []);
    assert.equal(request.method, "POST");
    assert.equal(request.headers.get("X-Requested-With"), "tokenhold");
    assert.equal(request.headers.get("Authorization"), null);
    await refuses(tokens.refresh(), "session-ended");
  },

  "the request is what the options say": async (create) => {
    const logout = { url: LOGOUT, method: "DELETE", headers: [["X-App", "shop"]], body: "bye" };
    const { tokens, backend } = await signedIn(create, { logout });
    await tokens.logout();
    const [request] = backend.requestsTo(LOGOUT);
    assert.equal(request.method, "DELETE");
    assert.equal(request.headers.get("X-App"), "shop");
    assert.equal(await request.text(), "bye");
  },

  "the token goes along if that is wished for": async (create) => {
    const { tokens, backend } = await signedIn(create, { logout: { url: LOGOUT, withToken: true } });
    await tokens.fetch("/api/me");
    await tokens.logout();
    assert.deepEqual(tokensAt(backend, LOGOUT), tokensAt(backend, "/api/me"));
  },

  "and is refreshed first if it has expired, for nothing else": async (create) => {
    const { tokens, backend, clock, page } = await signedIn(create, { logout: { url: LOGOUT, withToken: true } });
    await page.hide();
    await clock.advance(seconds(400));
    await tokens.logout();
    assert.equal(count(backend, REFRESH), 2);
    assert.equal(typeof tokensAt(backend, LOGOUT)[0], "string");
    assert.equal(tokens.status, "signed-out");
  },

  "it wins whatever the backend answers, which is asked again": async (create) => {
    const { tokens, backend, clock, events } = await signedIn(create);
    backend.fail({ status: 500, times: 2 });
    await tokens.logout();
    assert.equal(tokens.status, "signed-out");
    assert.deepEqual(events, ["change signed-out", "signed-out logout", "warning logout-unconfirmed"]);
    await clock.advance(seconds(10));
    assert.equal(count(backend, LOGOUT), 3);
    assert.equal(backend.hasSession, false);
    await clock.advance(seconds(60));
    assert.equal(count(backend, LOGOUT), 3);
    assert.equal(events.length, 3);
  },

  "it is not asked for ever, until the network is back": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.goOffline();
    await tokens.logout();
    await clock.advance(seconds(600));
    assert.equal(count(backend, LOGOUT), 5);
    backend.goOnline();
    await clock.settle();
    assert.equal(count(backend, LOGOUT), 6);
    assert.equal(backend.hasSession, false);
  },

  "a 401 says that it is over as well": async (create) => {
    const { tokens, backend, clock, events } = await signedIn(create);
    backend.fail({ status: 401 });
    await tokens.logout();
    await clock.advance(seconds(60));
    assert.equal(count(backend, LOGOUT), 1);
    assert.deepEqual(events, ["change signed-out", "signed-out logout"]);
  },

  "without an endpoint it ends here, and says so": async (create) => {
    const { tokens, backend, events } = await signedIn(create, { logout: undefined });
    await tokens.logout();
    assert.deepEqual(events, ["change signed-out", "signed-out logout", "warning logout-unconfirmed"]);
    assert.equal(backend.hasSession, true);
    assert.equal(backend.requests.length, 1);
  },

  "liveness: it is over when the backend does not answer": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.hold(LOGOUT);
    const call = tokens.logout();
    await clock.advance(seconds(9));
    assert.equal(await outcome(call, clock), "pending");
    await clock.advance(seconds(2));
    await call;
  },

  "signed out, logging out asks the backend all the same": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    const events = heard(tokens);
    await tokens.logout();
    assert.equal(count(backend, LOGOUT), 1);
    assert.deepEqual(events, []);
  },

  "two at once are one": async (create) => {
    const { tokens, backend, events } = await signedIn(create);
    const outcomes = await Promise.all([tokens.logout(), tokens.logout()]);
    assert.deepEqual(
      outcomes.map(({ confirmed, response }) => [confirmed, response?.status]),
      [
        [true, 204],
        [true, 204],
      ],
    );
    assert.equal(count(backend, LOGOUT), 1);
    assert.deepEqual(events, ["change signed-out", "signed-out logout"]);
  },

  "logout-final: what waits is not sent": async (create) => {
    const { tokens, backend, clock, page } = await signedIn(create);
    await page.hide();
    await clock.advance(seconds(301));
    backend.hold(REFRESH);
    const refused = refuses(tokens.fetch("/api/me"), "session-ended");
    await clock.settle();
    tokens.logout().catch(() => {});
    await refused;
    assert.equal(count(backend, "/api/me"), 0);
  },

  "logout-final: a refresh under way is settled first, and its token is not taken": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    await clock.advance(seconds(20));
    const letGo = backend.hold(REFRESH);
    const refused = refuses(tokens.refresh(), "session-ended");
    await clock.settle();
    const left = tokens.logout();
    await refused;
    await clock.settle();
    assert.equal(count(backend, LOGOUT), 0);
    letGo();
    await left;
    await clock.settle();
    assert.equal(count(backend, LOGOUT), 1);
    assert.equal(tokens.status, "signed-out");
    assert.equal(backend.hasSession, false);
  },

  "logout-final: nothing is restored while restoring": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    const letGo = backend.hold(REFRESH);
    await clock.settle();
    const left = tokens.logout();
    letGo();
    await left;
    await clock.settle();
    assert.equal(tokens.status, "signed-out");
    assert.equal(backend.hasSession, false);
  },

  "logout-final: a sign-in by cookie that is under way is called off": async (create) => {
    const { tokens, backend, clock } = await create();
    await tokens.ready;
    backend.signIn("alice");
    const letGo = backend.hold(REFRESH);
    const refused = refuses(tokens.signIn(), "session-ended");
    await clock.settle();
    const left = tokens.logout();
    await refused;
    letGo();
    await left;
    assert.equal(tokens.status, "signed-out");
  },

  "logout-final: what a sign-in that was called off is granted does not count against the next": async (create) => {
    const { tokens, backend, clock } = await create();
    await tokens.ready;
    const alice = backend.signIn("alice");
    const letGo = backend.hold(REFRESH);
    const refused = refuses(tokens.signIn(), "session-ended");
    await clock.settle();
    tokens.logout().catch(() => {});
    await refused;
    await tokens.signIn({ access_token: "anothers", expires_in: 300 });
    const events = heard(tokens);
    letGo();
    await clock.settle();
    assert.equal(alice.status, 200);
    assert.equal(tokens.claims, null);
    assert.deepEqual(events, []);
  },

  "a logout that is under way when somebody signs in is not tried again": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    const letGo = backend.hold(LOGOUT);
    const left = tokens.logout();
    await clock.settle();
    await tokens.signIn({ access_token: "anothers", expires_in: 300 });
    backend.goOffline();
    letGo();
    await left;
    await clock.advance(seconds(60));
    assert.equal(count(backend, LOGOUT), 1);
    assert.equal(tokens.status, "signed-in");
  },

  "signing in again calls off a logout that is to be tried again": async (create) => {
    const { tokens, backend, clock } = await signedIn(create);
    backend.fail({ status: 500, times: 1 });
    await tokens.logout();
    await tokens.signIn(backend.signIn("bob"));
    await clock.advance(seconds(60));
    assert.equal(count(backend, LOGOUT), 1);
    assert.equal(backend.hasSession, true);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },
};
