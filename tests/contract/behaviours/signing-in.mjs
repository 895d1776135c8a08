import assert from "node:assert/strict";
import { count, heard, REFRESH, refuses, seconds } from "../support/looking.mjs";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims) => `${part({ alg: "none" })}.${part(claims)}.c2ln`;

export default {
  "the login endpoint's response is adopted": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    const events = heard(tokens);
    await tokens.signIn(backend.signIn("alice"));
    assert.equal(tokens.claims?.sub, "alice");
    assert.equal(count(backend, REFRESH), 1);
    assert.deepEqual(events, ["change signed-in", "signed-in"]);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "the JSON of the response will do": async (create) => {
    const { tokens, backend, clock } = await create();
    await tokens.ready;
    await tokens.signIn(await backend.signIn("alice").json());
    assert.equal(tokens.claims?.sub, "alice");
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
  },

  "so will the promise of either: its rejection is the caller's": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    await tokens.signIn(Promise.resolve(backend.signIn("alice")));
    assert.equal(tokens.claims?.sub, "alice");
    const offline = new TypeError("offline");
    await assert.rejects(tokens.signIn(Promise.reject(offline)), offline);
    assert.equal(tokens.claims?.sub, "alice");
  },

  "a login that is a function is sent when no tab refreshes, and adopted": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice" });
    await tokens.ready;
    await clock.advance(seconds(20));
    const opened = backend.hold(REFRESH);
    const refreshed = tokens.refresh();
    await clock.settle();
    let isSent = false;
    const login = tokens.signIn(async () => {
      isSent = true;
      return backend.signIn("bob");
    });
    await clock.settle();
    assert.equal(isSent, false);
    opened();
    await Promise.all([refreshed, login]);
    assert.equal(tokens.claims?.sub, "bob");
    await tokens.refresh();
    assert.equal(tokens.claims?.sub, "bob");
  },

  "a function may return the JSON, or no promise": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    await tokens.signIn(async () => (await backend.signIn("alice")).json());
    assert.equal(tokens.claims?.sub, "alice");
    await tokens.signIn(() => backend.signIn("bob"));
    assert.equal(tokens.claims?.sub, "bob");
  },

  "a login that fails changes nothing, and says why": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    const refused = await refuses(
      tokens.signIn(async () => new Response(null, { status: 403 })),
      "sign-in-failed",
    );
    assert.equal(refused.status, 403);
    const own = new RangeError("wrong password");
    await assert.rejects(
      tokens.signIn(() => {
        throw own;
      }),
      own,
    );
    await assert.rejects(
      tokens.signIn(async () => Promise.reject(own)),
      own,
    );
    assert.deepEqual([tokens.claims?.sub, events], ["alice", []]);
    await tokens.signIn(async () => backend.signIn("bob"));
    assert.equal(tokens.claims?.sub, "bob");
  },

  "liveness: a login without an answer is given up": async (create) => {
    const { tokens, clock } = await create();
    await tokens.ready;
    const login = refuses(
      tokens.signIn(() => new Promise(() => {})),
      "sign-in-failed",
    );
    await clock.advance(seconds(10));
    await login;
  },

  "without an argument, the cookie is exchanged": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    backend.signIn("alice");
    await tokens.signIn();
    assert.equal(tokens.claims?.sub, "alice");
    assert.equal(count(backend, REFRESH), 2);
  },

  "without a cookie, it says that there is no session": async (create) => {
    const { tokens } = await create();
    await tokens.ready;
    await refuses(tokens.signIn(), "session-ended");
    assert.equal(tokens.status, "signed-out");
  },

  "a failing refresh makes signing in by cookie fail, and nobody is signed in": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    backend.signIn("alice");
    backend.fail({ status: 503, times: 1 });
    const error = await refuses(tokens.signIn(), "refresh-failed");
    assert.equal(error.cause.message, "HTTP status 503");
    assert.equal(tokens.status, "signed-out");
    await tokens.signIn();
    assert.equal(tokens.status, "signed-in");
  },

  "a response without a token is refused": async (create) => {
    const { tokens } = await create();
    await tokens.ready;
    const responses = [Response.json({}), new Response("<html>"), new Response(null)];
    const refused = [...responses, {}, { access_token: "" }, { access_token: "a b" }];
    for (const response of refused) await refuses(tokens.signIn(response), "sign-in-failed");
    assert.equal(tokens.status, "signed-out");
  },

  "a response that has been read already is refused": async (create) => {
    const { tokens, backend } = await create();
    await tokens.ready;
    const response = backend.signIn("alice");
    await response.json();
    await refuses(tokens.signIn(response), "sign-in-failed");
  },

  "a sign-in by cookie that gets no answer fails in time, and an answer that comes later still counts": async (
    create,
  ) => {
    const { tokens, backend, clock } = await create();
    await tokens.ready;
    backend.signIn("alice");
    const letGo = backend.hold(REFRESH);
    const refused = refuses(tokens.signIn(), "refresh-failed");
    await clock.advance(seconds(11));
    await refused;
    assert.equal(tokens.status, "signed-out");
    letGo();
    await clock.settle();
    assert.equal(tokens.status, "signed-in");
  },

  "a login that has failed is refused, and says with which status": async (create) => {
    const { tokens } = await create();
    await tokens.ready;
    const error = await refuses(tokens.signIn(Response.json({ access_token: "x" }, { status: 401 })), "sign-in-failed");
    assert.equal(error.cause.message, "HTTP status 401");
  },

  "another person is another session": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    await tokens.signIn(backend.signIn("bob"));
    assert.equal(tokens.claims?.sub, "bob");
    assert.deepEqual(events, ["change signed-in", "signed-in"]);
  },

  "the same person again is a new token": async (create) => {
    const { tokens, backend } = await create({ signedIn: "alice" });
    await tokens.ready;
    const events = heard(tokens);
    await tokens.signIn(backend.signIn("alice"));
    assert.deepEqual(events, ["change signed-in", "refreshed"]);
  },

  "the fields are where the options say, for each endpoint": async (create) => {
    const refresh = { url: REFRESH, response: { token: "data.token", expiresIn: "data.ttl", expiresInUnit: "ms" } };
    const signIn = { response: { token: "jwt", expiresIn: "seconds", expiresInUnit: "s" } };
    const { tokens, backend, clock } = await create({ refresh, signIn });
    await tokens.ready;
    await tokens.signIn(backend.signIn("alice"));
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
    await clock.advance(seconds(20));
    await tokens.refresh();
    assert.equal(tokens.expiresAt, clock.now + seconds(300));
  },

  "what the login endpoint returns is read as a refresh's answer, unless the options say otherwise": async (create) => {
    const refresh = { url: REFRESH, response: { token: "data.token" } };
    const { tokens } = await create({ refresh });
    await tokens.ready;
    await tokens.signIn({ data: { token: jwt({ sub: "alice" }) } });
    assert.equal(tokens.claims?.sub, "alice");
  },

  "an opaque token is as good as any": async (create) => {
    const { tokens } = await create({ signedIn: "alice", opaque: true });
    await tokens.ready;
    assert.equal(tokens.status, "signed-in");
    assert.equal(tokens.claims, null);
    assert.equal((await tokens.fetch("/api/me")).status, 200);
  },

  "expiry is known from expires_in, then expires_at, then the claims; else it is not": async (create) => {
    const { tokens, clock } = await create({ restore: false });
    const lifetimeOf = async (fields) => {
      await tokens.signIn({ access_token: "opaque", ...fields });
      return tokens.expiresAt && tokens.expiresAt - clock.now;
    };
    const end = clock.now + seconds(90);
    const claims = jwt({ exp: end / 1_000, iat: end / 1_000 - 60 });
    assert.equal(await lifetimeOf({ expires_in: 30, expires_at: end, access_token: claims }), seconds(30));
    assert.equal(await lifetimeOf({ expires_in: "45" }), seconds(45));
    assert.equal(await lifetimeOf({ expires_at: end, access_token: claims }), seconds(90));
    assert.equal(await lifetimeOf({ expires_at: end / 1_000 }), seconds(90));
    assert.equal(await lifetimeOf({ expires_at: new Date(end).toISOString() }), seconds(90));
    assert.equal(await lifetimeOf({ access_token: claims }), seconds(60));
    assert.equal(await lifetimeOf({ access_token: jwt({ exp: end / 1_000 }) }), seconds(90));
    assert.equal(await lifetimeOf({ expires_in: 0.1 }), seconds(1));
    assert.equal(await lifetimeOf({ expires_in: -5, expires_at: "never" }), null);
    assert.equal(await lifetimeOf({}), null);
  },

  "a token whose end is unknown is used until it is rejected": async (create) => {
    const { tokens, backend, clock } = await create({ signedIn: "alice", expiresIn: null });
    await tokens.ready;
    assert.equal(tokens.expiresAt, null);
    await clock.advance(seconds(100_000));
    assert.equal(count(backend, REFRESH), 1);
    backend.rejectTokens();
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    assert.equal(count(backend, REFRESH), 2);
  },
};
