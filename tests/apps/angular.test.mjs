import assert from "node:assert/strict";
import { accept, hold, refuseTokens } from "../e2e/support/rules.mjs";
import { everyAdapter, signIn } from "./support/adapters.mjs";
import { built } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

const ME = "/api/me";
anyEngine(
  "Angular 21",
  () => built("angular", "dist"),
  (check) => {
    everyAdapter(check);
    check("HttpClient sends a request again whose token was rejected, once", rejected);
    check("HttpClient leaves a request alone that asks for it", leftAlone);
    check("HttpClient gives the events of a request as it does without the interceptor", events);
    check("HttpClient tells the progress of an upload with the token", uploading);
    check("HttpClient hands on what the manager fails with", failing);
    check("HttpClient takes a request back whose answer nobody waits for", brokenOff);
  },
);

async function rejected(visit) {
  await signIn(visit);
  refuseTokens(visit.gateway, ME);
  const held = hold(visit.gateway, ME);
  await visit.press("call");
  await held.arrived;
  await visit.press("refresh");
  await visit.sees("events", "refreshed");
  held.release();
  await visit.sees("name", "Alice");
  assert.deepEqual(
    visit.ledger.to(ME).map(({ status }) => status),
    [401, 200],
  );
}

async function leftAlone(visit) {
  await signIn(visit);
  await visit.press("call-bare");
  await visit.sees("name", "401 invalid_token");
  assert.deepEqual(
    visit.ledger.to(ME).map(({ headers }) => headers.authorization),
    [undefined],
  );
}

async function events(visit) {
  await signIn(visit);
  await visit.press("text");
  await visit.sees("received", "0 2 3 4");
}

async function uploading(visit) {
  await signIn(visit);
  accept(visit.gateway, "/api/upload");
  await visit.press("upload");
  await visit.settles("document.getElementById('received').textContent.endsWith('4')");
  const received = await visit.within((driver) =>
    driver.executeScript("return document.getElementById('received').textContent"),
  );
  assert.match(received, /^0 1 /);
  const [{ headers, body }] = visit.ledger.to("/api/upload");
  assert.match(headers.authorization, /^Bearer /);
  assert.equal(body.length, 1_000_000);
}

async function failing(visit) {
  await signIn(visit);
  await visit.press("dispose");
  await visit.press("call");
  await visit.sees("name", "0 disposed");
}

async function brokenOff(visit) {
  await signIn(visit);
  const held = hold(visit.gateway, ME);
  await visit.press("begin");
  await held.arrived;
  await visit.press("break-off");
  await visit.settles(`census.ended.includes("${ME}")`);
  await visit.press("call-bare");
  held.release();
  await visit.sees("name", "401 invalid_token");
  await visit.sees("received", "begun");
}
