/** Helpers for the tests of faults: the moment at which a fault is worst, and the outcome that it must have. */
import assert from "node:assert/strict";
import { expiry } from "./ages.mjs";
import { bounded } from "./clock.mjs";
import { REFRESH } from "./ledger.mjs";
import { hold, shorten } from "./rules.mjs";
import { inAll, sum } from "./tab.mjs";

/** The time-out of a refresh in these tests, in ms. */
const TIMEOUT = 3_000;

export const options = { refresh: { url: REFRESH, timeout: TIMEOUT } };

/**
 * So long may a caller wait, in ms: for a lock whose holder says nothing (a time-out and 5 s, looked at once a second),
 * for a look at the other tabs (1 s), and for the answer (a time-out).
 */
export const BOUND = 2 * TIMEOUT + 7_000;

/** Outcomes of a request that are no fault of ours: an answer, or an error that says what is the matter. */
const SETTLED = ["200", "401", "session-ended", "refresh-failed"];

/**
 * Tabs at the expiry of their token: the first has the lock, and its refresh has left, and is kept until `release()`,
 * before the backend has seen it, or `after` that. `process` is that of the `victim`; `ask()` lets the others send five
 * requests each.
 */
export async function inMidRefresh(world, { tabs: count = 3, after = true, victim = 0 } = {}) {
  const tabs = await world.hiddenTabs(count, options);
  const [holder, ...others] = tabs;
  const process = await tabs[victim].process();
  shorten(world.gateway, 2);
  await holder.signIn("alice");
  await inAll(others, (tab) => tab.reaches("signed-in"));
  await expiry([holder, ...others]);
  const held = hold(world.gateway, REFRESH, { after, count: 1 });
  const mark = world.ledger.mark();
  const refreshed = holder.run(() => outcome(tokens.refresh())).catch(() => "gone");
  await held.arrived;
  const ask = () => inAll(others, (tab) => tab.burst(5)).then(sum);
  return { holder, process, others, mark, refreshed, ask, release: () => held.release() };
}

/** Asserts that `outcomes` are all those of `count` requests, and that each of them is settled, as one of `as`. */
export function assertSettled(outcomes, count, as = SETTLED) {
  assert.equal(
    Object.values(outcomes).reduce((a, b) => a + b, 0),
    count,
    JSON.stringify(outcomes),
  );
  for (const outcome of Object.keys(outcomes)) assert.ok(as.includes(outcome), `settled as ${outcome}`);
}

/** Asserts that nobody waited longer than the bound, that all tabs agree, and says what came of it. */
export async function verdict(world, mark, { bound = BOUND, refreshes: most = 2 } = {}) {
  const waitedMs = await world.longestWait();
  assert.ok(waitedMs <= bound, `a caller waited ${waitedMs} ms`);
  const statuses = new Set(await inAll(world.tabs, (tab) => tab.status()));
  assert.equal(statuses.size, 1, `the tabs do not agree: ${[...statuses]}`);
  const refreshes = world.ledger.to(REFRESH, mark).length;
  assert.ok(refreshes <= most, `${refreshes} refreshes`);
  return { outcome: [...statuses].join(), waitedMs, boundMs: bound, refreshes };
}

/** Asserts that every tab is signed in and served. */
export async function assertServed(tabs) {
  const answers = await bounded(
    inAll(tabs, (tab) => tab.burst(2)),
    "requests afterwards",
    BOUND,
  );
  assert.deepEqual(sum(answers), { 200: tabs.length * 2 });
  for (const tab of tabs) assert.deepEqual(await tab.events("signed-out"), [], `signed out in tab ${tab.name}`);
}
