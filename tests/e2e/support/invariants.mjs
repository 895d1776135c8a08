/** The checks at the end of every test, whatever it was about (ARCHITECTURE.md, the eight invariants). */
import assert from "node:assert/strict";
import { LOGOUT, REFRESH } from "./ledger.mjs";

/** `allow`: the names of the checks that a test breaks on purpose. */
export async function checkInvariants(world, allow = []) {
  const checks = { oneFlight, retryOnce, confinement, noMishap };
  for (const [name, check] of Object.entries(checks)) if (!allow.includes(name)) await check(world);
}

function oneFlight({ ledger }) {
  assert.ok(ledger.peak(REFRESH) <= 1, `one-flight: ${ledger.peak(REFRESH)} refreshes at the same time`);
}

function retryOnce({ ledger }) {
  const times = new Map();
  for (const { method, url } of ledger.to("/api/*").filter(({ url }) => url.includes("?as="))) {
    times.set(`${method} ${url}`, (times.get(`${method} ${url}`) ?? 0) + 1);
  }
  for (const [request, count] of times) assert.ok(count <= 2, `retry-once: ${request} went out ${count} times`);
}

function confinement({ ledger }) {
  const leaked = [...ledger.to(REFRESH), ...ledger.to(LOGOUT)].filter(({ headers }) => headers.authorization);
  assert.deepEqual(
    leaked.map(({ url }) => url),
    [],
    "confinement: a token reached an auth URL",
  );
  for (const token of ledger.issued) {
    const urls = ledger.since().filter(({ url, headers }) => `${url} ${headers.referer}`.includes(token));
    assert.deepEqual(
      urls.map(({ url }) => url),
      [],
      "confinement: a token in a URL",
    );
  }
}

async function noMishap({ tabs }) {
  for (const tab of tabs) assert.deepEqual(await tab.run(() => mishaps), [], `unhandled errors in tab ${tab.name}`);
}
