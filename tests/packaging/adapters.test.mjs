/** The stand-in for a manager that is not made yet, in every adapter; and servers, which have no manager. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Svelte's adapter: of all, it needs a framework least. */
const adapter = new URL("../../dist/adapters/svelte.js", import.meta.url).href;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

const server = await import(`${adapter}?server`);
const page = await inPage();

describe("before the manager has come", () => {
  const { createTokenhold } = page;

  test("calls wait for it", async () => {
    const { tokens, come } = expected(createTokenhold);
    const calls = [tokens.fetch("/api"), tokens.signIn({ access_token: "a" }), tokens.refresh(), tokens.logout()];
    come(manager());
    assert.deepEqual(await Promise.all(calls), [
      ["fetch", "/api"],
      ["signIn", { access_token: "a" }],
      ["refresh"],
      ["logout"],
    ]);
  });

  test("so does the token, if the manager exposes it", async () => {
    for (const [arrived, outcome] of [
      [{ ...manager(), accessToken: async () => "a token" }, "a token"],
      [manager(), "tokens.accessToken() needs `exposeToken: true`"],
    ]) {
      const { tokens, come } = expected(createTokenhold);
      const token = tokens.accessToken().catch(({ message }) => message);
      come(arrived);
      assert.equal(await token, outcome);
    }
  });

  test("the signal of before ends with that of the manager", async () => {
    const { tokens, come } = expected(createTokenhold);
    const early = tokens.signal;
    const arrived = manager();
    come(arrived);
    await tokens.ready;
    assert.equal(tokens.signal, arrived.signal);
    assert.equal(early.aborted, false);
    const over = new Error("over");
    arrived.session.abort(over);
    assert.equal(early.reason, over);
  });

  test("once it is known who is there, the session stays until that is known anew, or cannot be", async () => {
    const { tokens, come } = expected(createTokenhold);
    const arrived = manager();
    const told = [];
    const stop = tokens.subscribe(({ status, claims }) => told.push(claims ? `${status} ${claims.sub}` : status));
    come(arrived);
    await tokens.ready;
    await turn();
    const { claims } = arrived;
    for (const status of ["signed-in", "restoring", "signed-out", "restoring", "signed-in", "restoring"])
      arrived.become(status, status === "signed-in" ? claims : null);
    assert.deepEqual([tokens.status, tokens.claims, tokens.snapshot().status], ["signed-in", claims, "signed-in"]);
    arrived.tell("refresh-failed");
    assert.deepEqual([tokens.status, tokens.claims, tokens.snapshot().status], ["restoring", null, "restoring"]);
    assert.deepEqual(told, [
      "restoring",
      "signed-in alice",
      "signed-in alice",
      "signed-in alice",
      "signed-out",
      "signed-out",
      "signed-in alice",
      "signed-in alice",
      "restoring",
    ]);
    stop();
    assert.equal(arrived.listeners.size, 0);
  });

  test("the session is restoring, and then as the manager says", async () => {
    const { tokens, come } = expected(createTokenhold);
    const before = tokens.snapshot();
    assert.deepEqual(before, { status: "restoring", claims: null, expiresAt: null });
    const seen = [];
    const stop = tokens.subscribe(({ status }) => seen.push(status));
    come(manager());
    await tokens.ready;
    assert.equal(tokens.status, "signed-in");
    assert.deepEqual(tokens.claims, { sub: "alice" });
    assert.equal(tokens.expiresAt, 1_000);
    assert.notEqual(tokens.snapshot(), before);
    assert.equal(tokens.snapshot(), tokens.snapshot());
    await turn();
    assert.deepEqual(seen, ["restoring", "signed-in"]);
    stop();
  });

  test("listeners are handed over, those that have stopped are not", async () => {
    const { tokens, come } = expected(createTokenhold);
    const heard = [];
    const stop = tokens.on("refreshed", () => heard.push("stopped before"));
    const stopLater = tokens.on("refreshed", () => heard.push("stopped after"));
    tokens.on("refreshed", () => heard.push("still there"));
    stop();
    const arrived = manager();
    come(arrived);
    await turn();
    stopLater();
    tokens.on("refreshed", () => heard.push("came later"));
    arrived.tell("refreshed");
    assert.deepEqual(heard, ["still there", "came later"]);
    assert.equal(arrived.listeners.size, 2);
  });

  test("a listener that stops in the moment of the handing over is not left behind", async () => {
    const { tokens, come } = expected(createTokenhold);
    let stopOther = () => {};
    tokens.on("change", () => stopOther());
    stopOther = tokens.on("refreshed", () => {});
    const arrived = manager();
    come(arrived);
    await turn();
    assert.deepEqual(
      [...arrived.listeners].map(({ type }) => type),
      ["change"],
    );
  });

  test("it can be disposed of", async () => {
    const { tokens, come } = expected(createTokenhold);
    tokens.dispose();
    const arrived = manager();
    come(arrived);
    await turn();
    assert.deepEqual(arrived.calls, [["dispose"]]);
  });

  test("the same source makes one manager", async () => {
    let made = 0;
    const source = () => (made++, manager());
    const both = [createTokenhold(source), createTokenhold(source)];
    await Promise.all(both.map(({ ready }) => ready));
    assert.equal(made, 1);
  });

  test("a manager that cannot be made: reported, signed out, calls reject", async (context) => {
    const uncaught = catching(context);
    const error = new Error("an option is wrong");
    const tokens = createTokenhold(() => Promise.reject(error));
    const seen = [];
    tokens.subscribe(({ status }) => seen.push(status));
    const call = assert.rejects(tokens.fetch("/api"), error);
    await tokens.ready;
    await call;
    await turn();
    assert.deepEqual(seen, ["restoring", "signed-out"]);
    assert.deepEqual(uncaught, [error]);
  });

  test("a manager is taken as it is", () => {
    const arrived = manager();
    assert.equal(createTokenhold(arrived).snapshot(), arrived.snapshot());
  });
});

describe("on a server", () => {
  const { createTokenhold } = server;

  test("nothing is made to render", async () => {
    const tokens = createTokenhold(() => assert.fail("made on a server"));
    await tokens.ready;
    assert.equal(tokens.status, "restoring");
    assert.deepEqual(tokens.snapshot(), { status: "restoring", claims: null, expiresAt: null });
  });

  test("whoever asks something of it is told why that cannot be, and what to do", async () => {
    const { isTokenholdError } = await import("../../dist/index.js");
    const tokens = createTokenhold(() => assert.fail("made on a server"));
    for (const name of ["fetch", "signIn", "refresh", "logout", "accessToken"]) {
      const error = await tokens[name]("/api").catch((reason) => reason);
      assert.ok(isTokenholdError(error));
      assert.equal(error.code, "wasm-failed");
      assert.match(error.message, new RegExp(`^tokens\\.${name}\\(\\) needs a browser.*ssr = false.*server: false`));
    }
    tokens.dispose();
    assert.equal(tokens.status, "restoring");
    assert.equal(tokens.signal.aborted, false);
  });

  test("nobody who listens is kept", async () => {
    const tokens = createTokenhold(() => assert.fail("made on a server"));
    const listening = () => {
      const listener = () => {};
      tokens.subscribe(listener);
      return new WeakRef(listener);
    };
    const reference = listening();
    await turn();
    collectGarbage();
    assert.equal(reference.deref(), undefined);
  });
});

test("React knows the adapter as code for the browser", () => {
  const text = readFileSync(new URL("../../dist/adapters/react.js", import.meta.url), "utf8");
  assert.match(text, /^"use client";/);
});

/** The adapter, as a page loads it. */
async function inPage() {
  Object.assign(globalThis, { location: new URL("https://app.example") });
  const loaded = await import(`${adapter}?page`);
  delete globalThis.location;
  return loaded;
}

/** A stand-in, and what ends its waiting. */
function expected(createTokenhold) {
  let come;
  const coming = new Promise((resolve) => (come = resolve));
  return { tokens: createTokenhold(() => coming), come };
}

/** A manager that notes what it is asked for, and returns that. */
function manager() {
  let snapshot = Object.freeze({ status: "signed-in", claims: { sub: "alice" }, expiresAt: 1_000 });
  const session = new AbortController();
  const calls = [];
  const listeners = new Set();
  const noting =
    (name) =>
    async (...args) => {
      const call = [name, ...args.filter((arg) => arg !== undefined)];
      calls.push(call);
      return call;
    };
  const on = (type, listener) => {
    const entry = { type, listener };
    listeners.add(entry);
    return () => void listeners.delete(entry);
  };
  const named = ["fetch", "signIn", "refresh", "logout", "dispose"].map((name) => [name, noting(name)]);
  return {
    ...Object.fromEntries(named),
    ready: Promise.resolve(),
    get status() {
      return snapshot.status;
    },
    get claims() {
      return snapshot.claims;
    },
    expiresAt: snapshot.expiresAt,
    signal: session.signal,
    session,
    snapshot: () => snapshot,
    become(status, claims) {
      snapshot = Object.freeze({ ...snapshot, status, claims });
      this.tell("change");
    },
    on,
    subscribe: (listener) => on("change", listener),
    tell: (type) => {
      for (const entry of [...listeners]) if (entry.type === type) entry.listener({ type });
    },
    calls,
    listeners,
  };
}

/** The rejections that nobody takes, which a browser would report. */
function catching(context) {
  const caught = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (error) => caught.push(error));
  context.after(() => {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  });
  return caught;
}

/** Resolves when all that was about to happen has. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}
