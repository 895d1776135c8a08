/** Requests of code that knows nothing of the manager: see `page/requests.js` for their scenarios. */
import { lastExpiry } from "./ages.mjs";
import { moment } from "./clock.mjs";
import { refuseTokens } from "./rules.mjs";

/** A tab that is signed in and has what plays scenarios. */
export async function ready(world) {
  const [tab] = await world.signedInTabs(1);
  await load(tab);
  return tab;
}

/**
 * Resolves when the token of the tab is old enough for its refusal to be worth a refresh, and long before it expires.
 */
export async function tenSeconds(tab) {
  const lifetime = await tab.run(() => 1_000 * (tokens.claims.exp - tokens.claims.iat));
  await moment((await lastExpiry([tab])) - lifetime + 10_500);
}

export function load(tab) {
  return tab.run(() => import("/e2e/requests.js").then(() => {}));
}

/** A tab in which the next intercepted request is refused at first, and then answered with what has come. */
export async function aboutToBeRefused(world) {
  const tab = await ready(world);
  echo(world);
  await tenSeconds(tab);
  refuseTokens(world.gateway);
  await tab.run(intercept);
  return tab;
}

/** An API that says what has come, whoever asks. */
export function echo(world) {
  world.gateway.rule("/api/echo", async ({ method, headers, body }) => {
    const seen = { method, type: headers["content-type"], custom: headers["x-custom"], body: whole(body) };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(seen) };
  });
}

/** All of a body, of which a form's boundaries are made at random, and differ in length. */
function whole(body) {
  const text = body.toString("latin1").replace(/-{4,}\w+/g, "BOUNDARY");
  return [text.length, text.slice(0, 500)];
}

/** The events that an app gets: upload events come before the answer, and begin again with each attempt. */
export function ofAnswer(told) {
  return told.filter((line) => !line.startsWith("upload"));
}

export function without({ told: _, ...result }) {
  return result;
}

/** How often each request since `mark` went out. */
export function timesSent(world, mark) {
  const times = new Map();
  for (const { url } of world.ledger.to("/api/*", mark)) times.set(url, (times.get(url) ?? 0) + 1);
  return [...times.values()];
}

/* In the page. */

export function intercept() {
  window.undo = tokens.intercept(globalThis);
}

export async function playBoth(name, path) {
  const native = await play(name, path);
  const undo = tokens.intercept(globalThis);
  const managed = await play(name, path);
  undo();
  return [native, managed];
}
