/** Backends with other conventions: functions and options say what theirs are. */
import assert from "node:assert/strict";
import { count, heard, LOGOUT, REFRESH, refuses, seconds } from "../support/looking.mjs";

const url = REFRESH;
const ALICE = { sub: "alice", org: "A" };

async function signedIn(create, options) {
  const world = await create({ signedIn: "alice", ...options });
  await world.tokens.ready;
  return { ...world, events: heard(world.tokens) };
}

/** A response whose header `X-Token` has the token. */
function inHeader(token) {
  return new Response("welcome", { headers: token ? { "X-Token": `Bearer ${token}` } : {} });
}

function fromHeader(response) {
  const token = response.headers.get("X-Token")?.replace("Bearer ", "");
  return token ? { token, expiresIn: 60 } : null;
}

/**
 * Answers of a backend when nobody is signed in, and how the app tells.
 *
 * @type {Record<string, [answer: () => object, ended: any]>}
 */
const over = {
  "the JSON null": [() => Response.json(null), async (response) => (await response.json()) === null],
  "an empty object": [() => ({}), async (response) => !(await response.json()).access_token],
  "a code in the body": [() => ({ code: 401 }), async (response) => (await response.json()).code === 401],
  204: [() => new Response(null, { status: 204 }), ({ status }) => status === 204],
  "GraphQL's errors": [() => ({ errors: [{}] }), async (response) => Boolean((await response.json()).errors)],
  "a status, by a list": [() => new Response(null, { status: 404 }), [404]],
};

/** @type {Record<string, [found: object, seconds: number | null]>} */
const lives = {
  "seconds from now": [{ expiresIn: 60 }, 60],
  "the same as text": [{ expiresIn: "60" }, 60],
  "epoch seconds": [{ expiresAt: Date.UTC(2030, 0, 1, 0, 1) / 1_000 }, 60],
  "epoch milliseconds": [{ expiresAt: Date.UTC(2030, 0, 1, 0, 1) }, 60],
  "a Date": [{ expiresAt: new Date(Date.UTC(2030, 0, 1, 0, 1)) }, 60],
  "ISO 8601": [{ expiresAt: "2030-01-01T00:01:00.000Z" }, 60],
  "ISO 8601 with a zone": [{ expiresAt: "2030-01-01T02:01:00+02:00" }, 60],
  "ISO 8601 without a zone: UTC": [{ expiresAt: "2030-01-01T00:01:00" }, 60],
  "a database's date without a zone: UTC": [{ expiresAt: "2030-01-01 00:01:00.5" }, 60.5],
  "a day: its beginning in UTC": [{ expiresAt: "2030-01-02" }, 86_400],
  "a database's date with a short zone": [{ expiresAt: "2030-01-01 02:01:00+02" }, 60],
  "a date in UTC by name": [{ expiresAt: "2030-01-01 00:01:00 UTC" }, 60],
  "the date of HTTP": [{ expiresAt: "Tue, 01 Jan 2030 00:01:00 GMT" }, 60],
  "words: unknown": [{ expiresAt: "tomorrow" }, null],
  "nothing: unknown": [{}, null],
};

const conventions = {
  "the token is where a function finds it": async (create) => {
    const refresh = { url, response: fromHeader };
    const { tokens, backend, clock } = await create({ signedIn: "alice", refresh, issue: inHeader });
    await tokens.ready;
    assert.equal(tokens.status, "signed-in");
    assert.equal(tokens.expiresAt, clock.now + seconds(60));
    assert.equal((await tokens.fetch("/api/me")).status, 200);
    backend.endSession();
    await refuses(tokens.refresh(), "session-ended");
    assert.equal(tokens.status, "signed-out");
  },

  "null says that nobody is signed in": async (create) => {
    const { tokens, backend, clock } = await create({ refresh: { url, response: fromHeader }, issue: inHeader });
    await tokens.ready;
    assert.equal(tokens.status, "signed-out");
    await clock.advance(seconds(600));
    assert.equal(count(backend, REFRESH), 1);
  },

  "a function that throws, or finds no token, is a failure": async (create) => {
    const broken = [
      () => {
        throw new Error("no");
      },
      async () => Promise.reject(new Error("no")),
      () => undefined,
      () => ({ token: 5 }),
      () => "token",
    ];
    for (const response of broken) {
      const { tokens } = await create({ signedIn: "alice", refresh: { url, response } });
      const error = await refuses(tokens.refresh(), "refresh-failed");
      assert.equal(error.status, 200);
      assert.equal(tokens.status, "restoring");
    }
  },

  "a login may be read by a function of its own, by that of a refresh, or by paths": async (create) => {
    const readers = {
      own: { signIn: { response: fromHeader } },
      shared: { refresh: { url, response: fromHeader } },
      paths: { refresh: { url, response: fromHeader }, signIn: { response: { token: "t" } } },
    };
    for (const [name, options] of Object.entries(readers)) {
      const { tokens } = await create({ restore: false, ...options });
      await tokens.signIn(name === "paths" ? Response.json({ t: "one" }) : inHeader("one"));
      assert.equal(tokens.status, "signed-in", name);
    }
  },

  "what a login function finds may be given as it is": async (create) => {
    const { tokens, clock } = await create({ restore: false, signIn: { response: fromHeader } });
    await tokens.signIn({ token: "one", expiresIn: 60 });
    assert.equal(tokens.expiresAt, clock.now + seconds(60));
    await tokens.signIn({ access_token: "two", expires_in: 120 });
    assert.equal(tokens.expiresAt, clock.now + seconds(120));
    for (const login of [inHeader(""), async () => inHeader("")]) await refuses(tokens.signIn(login), "sign-in-failed");
  },

  ...Object.fromEntries(
    Object.entries(over).map(([how, [answer, ended]]) => [
      `the session may be over by ${how}`,
      async (create) => {
        const issue = (token) => (token ? undefined : answer());
        const { tokens, backend, clock } = await create({ refresh: { url, ended }, issue });
        await tokens.ready;
        assert.equal(tokens.status, "signed-out");
        await clock.advance(seconds(600));
        assert.equal(count(backend, REFRESH), 1);
        await tokens.signIn(backend.signIn("alice"));
        await tokens.refresh();
        assert.equal(tokens.status, "signed-in");
        backend.endSession();
        await refuses(tokens.refresh(), "session-ended");
      },
    ]),
  ),

  "a function that says no makes a 401 a passing failure": async (create) => {
    const { tokens } = await create({ refresh: { url, ended: async () => false } });
    await tokens.ready;
    assert.equal(tokens.status, "restoring");
  },

  ...Object.fromEntries(
    Object.entries(lives).map(([what, [life, expected]]) => [
      `a token lives until: ${what}`,
      async (create) => {
        const response = () => ({ token: "one", ...life });
        const { tokens, clock } = await create({ signedIn: "alice", refresh: { url, response } });
        await tokens.ready;
        assert.equal(tokens.expiresAt, expected === null ? null : clock.now + seconds(expected));
      },
    ]),
  ),

  "the token may be sent with another scheme, in another header, or alone": async (create) => {
    /** @type {[options: object, header: string, value: RegExp][]} */
    const ways = [
      [{ scheme: "Token" }, "Authorization", /^Token ey/],
      [{ header: "X-Access-Token", scheme: "" }, "X-Access-Token", /^ey/],
      [{ header: "X-Access-Token" }, "X-Access-Token", /^Bearer ey/],
    ];
    for (const [options, header, expected] of ways) {
      const logout = { url: LOGOUT, withToken: true };
      const { tokens, backend } = await signedIn(create, { ...options, logout });
      assert.equal((await tokens.fetch("/api/me")).status, 200);
      backend.rejectTokens();
      await tokens.logout();
      for (const path of ["/api/me", LOGOUT]) {
        const [request] = backend.requestsTo(path);
        assert.match(request.headers.get(header), expected);
        assert.equal(request.headers.has("Authorization"), header === "Authorization");
      }
    }
  },

  "the app's own header wins, wherever the token goes": async (create) => {
    const { tokens, backend } = await signedIn(create, { header: "X-Access-Token" });
    for (const name of ["X-Access-Token", "Authorization"])
      await tokens.fetch("/api/me", { headers: { [name]: "mine" } });
    const [own, other] = backend.requestsTo("/api/me");
    assert.equal(own.headers.get("X-Access-Token"), "mine");
    assert.equal(other.headers.get("X-Access-Token"), null);
  },

  "the CSRF token of the moment is in every request that may change something": async (create) => {
    const csrf = { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" };
    const { tokens, backend, clock, page } = await signedIn(create, { csrf });
    page.cookie = "a=b; XSRF-TOKEN=one%3D";
    await clock.advance(seconds(20));
    backend.rejectTokens();
    const opened = backend.hold(REFRESH);
    const call = tokens.fetch("/api/save", { method: "POST", body: "x" });
    await clock.settle();
    page.cookie = "XSRF-TOKEN=two";
    opened();
    assert.equal((await call).status, 200);
    for (const method of ["GET", "HEAD", "OPTIONS"]) await tokens.fetch("/api/read", { method });
    await tokens.fetch("/api/own", { method: "PUT", headers: { "X-XSRF-TOKEN": "mine" } });
    await tokens.fetch("https://other.example/x", { method: "DELETE" });
    page.cookie = "a=b";
    await tokens.fetch("/api/none", { method: "PATCH" });
    const sent = (path) => backend.requestsTo(path).map(({ headers }) => headers.get("X-XSRF-TOKEN"));
    assert.deepEqual(sent("/api/save"), ["one=", "two"]);
    assert.deepEqual(sent("/api/read"), [null, null, null]);
    assert.deepEqual(sent("/api/own"), ["mine"]);
    assert.deepEqual(sent("https://other.example/x"), [null]);
    assert.deepEqual(sent("/api/none"), [null]);
  },

  "headers and bodies may be made for each attempt": async (create) => {
    let made = 0;
    const refresh = {
      url,
      headers: () => ({ "X-Attempt": `${++made}` }),
      body: () => ({ attempt: made }),
    };
    const logout = { url: LOGOUT, body: () => new URLSearchParams({ csrf: "a token" }) };
    const { tokens, backend, clock } = await signedIn(create, { refresh, logout });
    await clock.advance(seconds(20));
    await tokens.refresh();
    await tokens.logout();
    const sent = backend.requestsTo(REFRESH);
    assert.deepEqual(
      sent.map(({ headers }) => [headers.get("X-Attempt"), headers.get("X-Requested-With")]),
      [
        ["1", "tokenhold"],
        ["2", "tokenhold"],
      ],
    );
    // The body is asked for first.
    assert.deepEqual(await Promise.all(sent.map((request) => request.json())), [{ attempt: 0 }, { attempt: 1 }]);
    const [left] = backend.requestsTo(LOGOUT);
    assert.equal(await left.text(), "csrf=a+token");
    assert.match(left.headers.get("Content-Type"), /^application\/x-www-form-urlencoded/);
  },

  "one that cannot be made is an attempt that has failed, and nothing is sent": async (create) => {
    const gone = new Error("the form is gone");
    const isWrong = ({ code, message }) => code === "invalid-option" && /`refresh.body`/.test(message);
    for (const [make, isCause] of [
      [
        () => {
          throw gone;
        },
        (cause) => cause === gone,
      ],
      [() => 7, isWrong],
      // Nothing is waited for.
      [async () => "a body", isWrong],
    ]) {
      const { tokens, backend } = await create({ signedIn: "alice", refresh: { url, body: make } });
      await tokens.ready;
      const error = await refuses(tokens.refresh(), "refresh-failed");
      assert.ok(isCause(error.cause), String(error.cause));
      assert.equal(count(backend, REFRESH), 0);
    }
  },

  "a person is what `identity` says": async (create) => {
    for (const [identity, isAnother] of [
      [undefined, false],
      [["iss", "sub", "org"], true],
      [["sub", "tenant"], true],
    ]) {
      const options = { signedIn: { ...ALICE, tenant: { id: 1 } }, ...(identity ? { identity } : {}) };
      const { tokens, backend, clock } = await signedIn(create, options);
      await clock.advance(seconds(20));
      backend.rejectTokens();
      const opened = backend.hold(REFRESH);
      const call = tokens.fetch("/api/save", { method: "POST", body: "x" });
      await clock.settle();
      backend.signIn({ ...ALICE, org: "B", tenant: { id: 2 } });
      opened();
      assert.equal((await call).status, isAnother ? 401 : 200, String(identity));
      assert.equal(count(backend, "/api/save"), isAnother ? 1 : 2);
      assert.equal(tokens.claims.org, "B");
    }
  },

  "a token that another tab hands over is of the same person by `identity`": async (create) => {
    const { tokens, otherTab, backend, clock } = await signedIn(create, { signedIn: ALICE, identity: ["sub", "org"] });
    await otherTab.tokens.ready;
    const events = heard(tokens);
    for (const claims of [
      { ...ALICE, theme: "dark" },
      { ...ALICE, org: "B" },
    ]) {
      backend.signIn(claims);
      await otherTab.refresh();
      await clock.settle();
      assert.equal(tokens.claims.org, claims.org);
    }
    assert.deepEqual(events, ["change signed-in", "refreshed", "change restoring", "change signed-in", "signed-in"]);
  },

  "a page without the session's readable cookie starts signed out": async (create) => {
    const restore = { cookie: "session" };
    const { tokens, backend } = await create({ signedIn: "alice", restore });
    await tokens.ready;
    assert.equal(tokens.status, "signed-out");
    assert.equal(backend.requests.length, 0);
    const { document } = globalThis;
    globalThis.document = /** @type {any} */ ({ cookie: "a=b; session=1" });
    try {
      const page = await create({ signedIn: "alice", restore });
      await page.tokens.ready;
      assert.equal(page.tokens.status, "signed-in");
    } finally {
      globalThis.document = document;
    }
  },

  "the origins that may have the token cannot be added to later": async (create) => {
    const attachTo = ["https://api.example"];
    const { tokens, backend } = await signedIn(create, { attachTo });
    attachTo.push("https://evil.example");
    for (const origin of attachTo) await tokens.fetch(`${origin}/me`);
    const carried = attachTo.map((origin) => backend.requestsTo(`${origin}/me`)[0].headers.has("Authorization"));
    assert.deepEqual(carried, [true, false]);
  },

  "API and refresh may have one URL, if a body says which is meant": async (create) => {
    const body = '{"query":"mutation { refresh }"}';
    const { tokens, backend } = await signedIn(create, { refresh: { url: "/graphql", body }, logout: undefined });
    const ask = (text) => tokens.fetch("/graphql", { method: "POST", body: text });
    await ask('{"query":"{ me }"}');
    await ask(body);
    const carried = backend.requestsTo("/graphql").map(({ headers }) => headers.has("Authorization"));
    assert.deepEqual(carried, [false, true, false]);
  },

  "what confirms a logout is an option": async (create) => {
    const ways = [
      { status: 400, confirmed: [400], isConfirmed: true },
      { status: 400, confirmed: undefined, isConfirmed: false },
      { status: 204, confirmed: [200], isConfirmed: false },
      { status: 200, confirmed: async (response) => (await response.text()) === "done", isConfirmed: false },
      { status: 400, confirmed: () => true, isConfirmed: true },
    ];
    for (const { status, confirmed, isConfirmed } of ways) {
      const logout = confirmed ? { url: LOGOUT, confirmed } : LOGOUT;
      const { tokens, backend, events } = await signedIn(create, { logout });
      backend.fail({ status });
      const outcome = await tokens.logout();
      assert.equal(outcome.confirmed, isConfirmed, `${status} ${confirmed}`);
      assert.equal(outcome.response.status, status);
      assert.equal(events.includes("warning logout-unconfirmed"), !isConfirmed);
    }
  },

  "a logout without an answer, or without an endpoint, says so": async (create) => {
    const { tokens, backend } = await signedIn(create);
    backend.goOffline();
    assert.deepEqual(await tokens.logout(), { confirmed: false, response: null });
    const bare = await signedIn(create, { logout: undefined });
    assert.deepEqual(await bare.tokens.logout(), { confirmed: false, response: null });
  },

  "a response of another class is one, and so is a promise": async (create) => {
    const answer = { access_token: "one" };
    const alike = { status: 200, ok: true, headers: new Map(), json: async () => answer };
    const bare = { ok: true, json: async () => answer };
    // biome-ignore lint/suspicious/noThenProperty: that is what makes it one.
    const thenable = { then: (/** @type {any} */ resolve) => resolve(alike) };
    for (const returned of [alike, bare, thenable]) {
      const { tokens } = await create({ restore: false });
      await tokens.signIn(/** @type {any} */ (returned));
      assert.equal(tokens.status, "signed-in");
    }
    const { tokens } = await create({ restore: false });
    const failed = { ok: false, status: 429, json: async () => ({}) };
    assert.equal((await refuses(tokens.signIn(/** @type {any} */ (failed)), "sign-in-failed")).status, 429);
  },

  "a failure says its status, its URL, and when the next attempt is due": async (create) => {
    const { tokens, backend } = await signedIn(create, { refresh: "/auth/refresh?key=secret" });
    backend.fail({ status: 503, retryAfter: 7 });
    const error = await refuses(tokens.refresh(), "refresh-failed");
    assert.equal(error.status, 503);
    assert.match(error.url, /^https?:\/\/[^/]+\/auth\/refresh$/);
    assert.ok(error.retryInMs >= seconds(7) && error.retryInMs <= seconds(9), String(error.retryInMs));
    assert.ok(error.message.includes("503") && error.message.includes(error.url), error.message);
    backend.goOffline();
    const unanswered = await create();
    unanswered.backend.goOffline();
    assert.equal("status" in (await refuses(unanswered.tokens.refresh(), "refresh-failed")), false);
  },

  "a 403 to a refresh, and a 401 from an origin that gets no token, are worth a warning": async (create) => {
    const { tokens, backend, events } = await signedIn(create);
    for (let times = 0; times < 2; times++) await tokens.fetch("https://api.example.org/me");
    await tokens.fetch("https://api.example.org/me", { headers: { Authorization: "Basic x" } });
    backend.respond("https://open.example/", "hi", { isPublic: true });
    await tokens.fetch("https://open.example/");
    assert.deepEqual(events, ["warning not-attached"]);
    events.length = 0;
    backend.fail({ status: 403 });
    await refuses(tokens.refresh(), "session-ended");
    assert.deepEqual(events, ["warning refresh-forbidden", "change signed-out", "signed-out ended"]);
  },
};

export default conventions;
