/** The stand-in for a manager that is not made yet, in every adapter; and servers, which have no manager. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

/** Svelte's adapter: of all, it needs a framework least. */
const adapter = new URL("../../dist/adapters/svelte.js", import.meta.url).href;

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

  test("who asks something of it is told why that cannot be", async () => {
    const { createTokenManager } = await import("../../dist/index.js");
    const tokens = createTokenhold(() => createTokenManager({ refresh: "/auth/refresh" }));
    await assert.rejects(tokens.fetch("/api"), { code: "wasm-failed", message: /needs a browser/ });
    assert.equal(tokens.status, "restoring");
  });
});

test("React knows the adapter as code for the browser", () => {
  const text = readFileSync(new URL("../../dist/adapters/react.js", import.meta.url), "utf8");
  assert.match(text, /^"use client";/);
});

/** The adapter, as a page loads it. */
async function inPage() {
  globalThis.location = new URL("https://app.example");
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
  const session = Object.freeze({ status: "signed-in", claims: { sub: "alice" }, expiresAt: 1_000 });
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
    status: session.status,
    claims: session.claims,
    expiresAt: session.expiresAt,
    snapshot: () => session,
    on,
    subscribe: (listener) => on("change", listener),
    tell: (type) => [...listeners].filter((entry) => entry.type === type).forEach(({ listener }) => listener({ type })),
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
