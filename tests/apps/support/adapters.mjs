/**
 * The behaviour of every framework adapter, in an app that is made with `tests/apps/session`. Beyond the needs of
 * `everyApp`, the app shows `subject` (the claim) and `events` (so far). While somebody is signed in, it has the field
 * `draft`. It has the buttons `refresh` and `leave` (which takes all of it off).
 */
import assert from "node:assert/strict";
import { REFRESH } from "../../e2e/support/ledger.mjs";
import { hold } from "../../e2e/support/rules.mjs";
import { everyApp } from "./suite.mjs";

export function everyAdapter(check) {
  check("signs in, calls the API, and restores by one refresh", everyApp);
  check("shows that it is restoring, and then who is there", restoring);
  check("renders nothing again that has not changed when the token is renewed", renewing);
  check("hears of a logout in another tab", elsewhere);
  check("keeps what somebody is writing while they sign in again in another tab", writing);
  check("leaves no listener behind", leaving);
}

/** For an app that can be rendered on a server, at `/rendered.html`; with `#late`, the page has the session by then. */
export function everyRenderedApp(check) {
  check("takes over what a server has rendered, and restores", takingOver);
  check("takes over what a server has rendered when the session is there already", takingOverLate);
}

async function restoring(visit) {
  await signIn(visit);
  const held = hold(visit.gateway, REFRESH);
  await visit.reload();
  await held.arrived;
  await visit.sees("status", "restoring");
  await visit.sees("subject", "nobody");
  held.release();
  await visit.sees("status", "signed-in");
  await visit.sees("subject", "alice");
}

async function renewing(visit) {
  await signIn(visit);
  await visit.sees("subject", "alice");
  const before = (await census(visit)).renders;
  await visit.press("refresh");
  await visit.sees("events", "refreshed");
  const after = (await census(visit)).renders;
  assert.equal(after.status, before.status, "who shows the status");
  assert.equal(after.subject, before.subject, "who shows one claim");
  assert.ok(after.claims > before.claims, "who shows all claims must be rendered with the new ones");
}

async function elsewhere(visit) {
  await signIn(visit);
  const other = await visit.beside();
  await other.sees("status", "signed-in");
  await other.press("sign-out");
  await visit.sees("status", "signed-out");
  await visit.sees("events", "elsewhere");
  await visit.sees("subject", "nobody");
}

async function writing(visit) {
  await signIn(visit);
  await visit.writes("draft", "half a letter");
  const other = await visit.beside();
  await other.sees("status", "signed-in");
  await other.press("sign-in");
  await visit.sees("events", "same");
  await visit.holds("draft", "half a letter");
}

async function leaving(visit) {
  await signIn(visit);
  const { listeners } = await census(visit);
  assert.ok(listeners >= 2, `the app listens to the manager: ${listeners}`);
  await visit.press("leave");
  await visit.sees("status", null);
  await visit.settles("census.listeners === 0");
}

async function takingOver(visit) {
  await signIn(visit);
  const held = hold(visit.gateway, REFRESH);
  const mark = visit.ledger.mark();
  await visit.goTo("/rendered.html");
  await held.arrived;
  await visit.sees("status", "restoring");
  held.release();
  await visit.sees("status", "signed-in");
  await visit.sees("subject", "alice");
  assert.equal(visit.refreshes(mark).length, 1);
  assert.deepEqual((await census(visit)).complaints, []);
  await visit.press("call");
  await visit.sees("name", "Alice");
}

async function takingOverLate(visit) {
  await signIn(visit);
  await visit.goTo("/rendered.html#late");
  await visit.sees("status", "signed-in");
  await visit.sees("subject", "alice");
  assert.deepEqual((await census(visit)).complaints, []);
}

export async function signIn(visit) {
  await visit.sees("status", "signed-out");
  await visit.press("sign-in");
  await visit.sees("status", "signed-in");
}

/** The counts of the app: see `tests/apps/session/session.js`. */
export function census(visit) {
  return visit.within((driver) => driver.executeScript("return census"));
}
