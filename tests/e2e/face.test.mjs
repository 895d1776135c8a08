import assert from "node:assert/strict";
import { REFRESH } from "./support/ledger.mjs";
import { anyEngine } from "./support/suite.mjs";

anyEngine("the face", (check) => {
  check("an option that is wrong is named", {}, async (world) => {
    const tab = await world.bareTab();
    assert.deepEqual(await tab.run(createWithEach, refused), Object.fromEntries(refused));
    assert.equal(world.ledger.to(REFRESH).length, 0);
  });

  check("options in all their forms are taken", {}, async (world) => {
    const tab = await world.bareTab();
    assert.deepEqual(await tab.run(createWithEveryForm), ["signed-out", "signed-out", "signed-out"]);
    assert.equal(world.ledger.to(REFRESH).length, 3);
  });

  check("snapshots are frozen, stable, and there before anyone is told", {}, async (world) => {
    const tab = await world.tab();
    assert.deepEqual(await tab.run(watchSnapshots), {
      frozen: true,
      stable: true,
      replaced: true,
      seen: ["change signed-in", "signed-in signed-in", "change signed-out", "signed-out signed-out"],
      notified: 2,
    });
  });

  check(
    "a listener that throws harms nobody, and its error is not swallowed",
    { allow: ["noMishap"] },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      assert.deepEqual(await tab.run(listenBadly), { heard: 1, reported: true, afterOff: 1, wrongName: "TypeError" });
    },
  );

  check(
    "confinement: the token is there for those who asked for it by name, and for nobody else",
    {},
    async (world) => {
      const tab = await world.tab({ name: "closed" });
      assert.equal(await tab.run(() => "accessToken" in tokens || "getToken" in tokens), false);
      await tab.start({ exposeToken: true });
      assert.equal(await tab.run(() => tokens.accessToken()), null);
      await tab.signIn("alice");
      assert.equal(await tab.run(() => tokens.accessToken()), world.ledger.issued.at(-1));
    },
  );

  check(
    "confinement: what a script adds to Object.prototype is neither an option nor a transport",
    {},
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      assert.deepEqual(await tab.run(createAfterPollution), { status: 200, isExposed: false, response: null, seen: 0 });
    },
  );

  check("errors can be told apart", {}, async (world) => {
    const tab = await world.tab();
    assert.deepEqual(await tab.run(describeError), {
      isError: true,
      isOurs: true,
      code: "session-ended",
      others: false,
    });
  });

  check(
    "liveness: after a panic everything settles, and a new manager works",
    { allow: ["noMishap"] },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      assert.deepEqual(await tab.run(panic), {
        outcomes: ["wasm-failed", "wasm-failed", "wasm-failed"],
        status: "signed-out",
        warning: "wasm-failed",
      });
      await tab.start();
      assert.equal(await tab.status(), "signed-in");
      assert.deepEqual(await tab.burst(3), { 200: 3 });
    },
  );

  check("where WebAssembly is blocked, creating says so, and can be tried again", {}, async (world) => {
    const tab = await world.bareTab();
    assert.deepEqual(await tab.run(createWithoutWasm), { code: "wasm-failed", cause: "blocked" });
    await tab.start();
    assert.equal(await tab.status(), "signed-out");
  });

  check("liveness: disposing settles what waits and leaves no lock", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    assert.deepEqual(await tab.run(disposeAll), { outcome: "disposed", again: "disposed", locks: 0, dispose: true });
  });
});

/** Options as JSON, and what the error must name. */
const refused = [
  ["null", "options"],
  ["{}", "refresh"],
  ['{"refresh":7}', "refresh"],
  ['{"refresh":""}', "refresh.url"],
  ['{"refresh":"http://["}', "refresh.url"],
  ['{"refresh":"ftp://example.com"}', "refresh.url"],
  ['{"refresh":{}}', "refresh.url"],
  ['{"refresh":{"url":"/r","method":7}}', "refresh.method"],
  ['{"refresh":{"url":"/r","method":"TRACE"}}', "refresh.method"],
  ['{"refresh":{"url":"/r","headers":{"a":7}}}', "refresh.headers"],
  ['{"refresh":{"url":"/r","headers":{"Authorization":"x"}}}', "refresh.headers"],
  ['{"refresh":{"url":"/r","body":7}}', "refresh.body"],
  ['{"refresh":{"url":"/r","method":"GET","body":{}}}', "refresh.body"],
  ['{"refresh":{"url":"/r","credentials":"always"}}', "refresh.credentials"],
  ['{"refresh":{"url":"/r","csrf":{"cookie":"c"}}}', "refresh.csrf.header"],
  ['{"refresh":{"url":"/r","csrf":{"cookie":"c","header":"h","x":1}}}', "refresh.csrf.x"],
  ['{"refresh":{"url":"/r","response":{"token":""}}}', "refresh.response.token"],
  ['{"refresh":{"url":"/r","response":{"expiresInUnit":"m"}}}', "refresh.response.expiresInUnit"],
  ['{"refresh":{"url":"/r","ended":[200]}}', "refresh.ended"],
  ['{"refresh":{"url":"/r","ended":"401"}}', "refresh.ended"],
  ['{"refresh":{"url":"/r","timeout":0}}', "refresh.timeout"],
  ['{"refresh":{"url":"/r","timeout":1.5}}', "refresh.timeout"],
  ['{"refresh":{"url":"/r","timeout":"1"}}', "refresh.timeout"],
  ['{"refresh":{"url":"/r","typo":1}}', "refresh.typo"],
  ['{"refresh":"/r","typo":1}', "typo"],
  ['{"refresh":"/r","logout":7}', "logout"],
  ['{"refresh":"/r","logout":{"url":"/l","withToken":"yes"}}', "logout.withToken"],
  ['{"refresh":"/r","signIn":{"response":{"expiresAt":7}}}', "signIn.response.expiresAt"],
  ['{"refresh":"/r","rejected":"401"}', "rejected"],
  ['{"refresh":"/r","rejected":[401,700]}', "rejected"],
  ['{"refresh":"/r","attachTo":"https://api.example.com"}', "attachTo"],
  ['{"refresh":"/r","attachTo":["https://api.example.com/"]}', "attachTo"],
  ['{"refresh":"/r","attachTo":["*"]}', "attachTo"],
  ['{"refresh":"/r","name":""}', "name"],
  ['{"refresh":"/r","name":7}', "name"],
  ['{"refresh":"/r","restore":"no"}', "restore"],
  ['{"refresh":"/r","fetch":7}', "fetch"],
  ['{"refresh":"/r","exposeToken":1}', "exposeToken"],
];

async function createWithEach(cases) {
  const { createTokenManager, isTokenholdError } = await import("/tokenhold/index.js");
  const named = {};
  for (const [options] of cases) {
    const error = await createTokenManager(JSON.parse(options)).then(
      () => "none",
      (error) => error,
    );
    const [, option] = error?.message?.match(/`(.*?)`/) ?? [];
    named[options] = isTokenholdError(error) && error.code === "invalid-option" ? option : String(error);
  }
  return named;
}

async function createWithEveryForm() {
  const { createTokenManager } = await import("/tokenhold/index.js");
  /** @type {import("tokenhold").RefreshOptions} */
  const request = {
    url: new URL("/auth/refresh", location.href),
    method: "POST",
    headers: new Headers({ "X-One": "1" }),
    body: new URLSearchParams({ grant_type: "refresh_token" }),
    credentials: "same-origin",
    csrf: { cookie: "c", header: "X-Csrf" },
  };
  /** @type {import("tokenhold").TokenManagerOptions} */
  const all = {
    refresh: { ...request, response: { token: "a.b", expiresInUnit: "ms" }, ended: [401], timeout: 5_000 },
    logout: { ...request, url: "/auth/logout", headers: [["X-Two", "2"]], body: { a: [1] }, withToken: true },
    signIn: { response: { token: "t" } },
    rejected: async (response) => response.status === 401,
    attachTo: [location.origin, "https://api.example.com"],
    name: "form",
    restore: true,
    fetch: (input, init) => fetch(input, init),
    exposeToken: false,
  };
  const statuses = [];
  for (const options of [all, { refresh: new URL(request.url) }, { refresh: "/auth/refresh", logout: undefined }]) {
    const manager = await createTokenManager(options);
    await manager.ready;
    statuses.push(manager.status);
    manager.dispose();
  }
  return statuses;
}

async function watchSnapshots() {
  const before = tokens.snapshot();
  const stable = tokens.snapshot() === before;
  const seen = [];
  let notified = 0;
  tokens.subscribe(() => notified++);
  for (const kind of /** @type {const} */ (["change", "signed-in", "signed-out"])) {
    tokens.on(kind, ({ type, snapshot }) => snapshot === tokens.snapshot() && seen.push(`${type} ${snapshot.status}`));
  }
  await signIn("alice");
  const { claims } = tokens.snapshot();
  const frozen = [before, tokens.snapshot(), claims].every(Object.isFrozen);
  const replaced = tokens.snapshot() !== before && tokens.claims === claims && claims.sub !== undefined;
  await tokens.logout();
  return { frozen, stable, replaced, seen, notified };
}

async function listenBadly() {
  let heard = 0;
  const reported = new Promise((resolve) =>
    addEventListener("error", ({ error }) => resolve(error.message === "bad listener")),
  );
  tokens.on("refreshed", () => {
    throw new Error("bad listener");
  });
  const off = tokens.on("refreshed", () => heard++);
  await tokens.refresh();
  const first = heard;
  off();
  await tokens.refresh();
  let wrongName;
  try {
    tokens.on(/** @type {any} */ ("no such event"), () => {});
  } catch (error) {
    wrongName = error.name;
  }
  return { heard: first, reported: await reported, afterOff: heard, wrongName };
}

async function describeError() {
  const { isTokenholdError, TokenholdError } = await import("/tokenhold/index.js");
  const error = await tokens.refresh().catch((error) => error);
  const others = [null, undefined, 7, {}, new Error("x")].some(isTokenholdError);
  return { isError: error instanceof Error, isOurs: error instanceof TokenholdError, code: error.code, others };
}

/** A call from within one that has the table of requests in hand panics. */
async function panic() {
  const waiting = outcome(tokens.logout());
  // It has it in hand when it listens to a request's signal. No other code of the page runs then.
  AbortSignal.prototype.addEventListener = () => {
    delete AbortSignal.prototype.addEventListener;
    tokens.fetch("/api/me").catch(() => {});
    throw new Error("called from within");
  };
  const { signal } = new AbortController();
  const first = outcome(tokens.fetch("/api/me", { signal }));
  const second = outcome(tokens.refresh());
  const outcomes = await Promise.all([waiting, first, second]);
  const warning = events.find(({ kind }) => kind === "warning")?.event.code;
  return { outcomes, status: tokens.status, warning };
}

async function createAfterPollution() {
  const { createTokenManager } = await import("/tokenhold/index.js");
  let seen = 0;
  const spy = async () => {
    seen++;
    return new Response("{}");
  };
  const added = {
    ...{ exposeToken: true, fetch: spy, attachTo: [], restore: false, header: "X-Token", scheme: "Token" },
    ...{ logout: { url: "/elsewhere", withToken: true }, token: "token_type" },
    [Symbol.for("tokenhold.transport")]: spy,
  };
  Object.assign(Object.prototype, added);
  try {
    const tokens = await createTokenManager({ refresh: "/auth/refresh", name: "polluted" });
    await tokens.ready;
    const { status } = await tokens.fetch("/api/me", {});
    const { response } = await tokens.logout();
    return { status, isExposed: "accessToken" in tokens, response, seen };
  } finally {
    for (const name of Reflect.ownKeys(added)) delete Object.prototype[name];
  }
}

async function createWithoutWasm() {
  const { createTokenManager } = await import("/tokenhold/index.js");
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = () => Promise.reject(new WebAssembly.CompileError("blocked"));
  const error = await createTokenManager({ refresh: "/auth/refresh" }).catch((error) => error);
  WebAssembly.instantiate = instantiate;
  return { code: error.code, cause: error.cause.message };
}

async function disposeAll() {
  const waiting = outcome(tokens.refresh());
  const dispose = Symbol.dispose === undefined || Symbol.dispose in tokens;
  tokens.dispose();
  tokens.dispose();
  const settled = { outcome: await waiting, again: await outcome(tokens.fetch("/api/me")) };
  // A released lock is listed until the browser's other process has heard of it.
  const locks = async () =>
    (await navigator.locks.query()).held.filter(({ name }) => name.startsWith("tokenhold:")).length;
  while ((await locks()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return { ...settled, locks: await locks(), dispose };
}
