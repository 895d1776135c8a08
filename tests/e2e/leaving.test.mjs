import assert from "node:assert/strict";
import { bounded, until } from "./support/clock.mjs";
import { LOGOUT, REFRESH } from "./support/ledger.mjs";
import { hold } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";

/** Between logging out and leaving there is no time to wait for anything. */
const ways = {
  "goes to another page": (tab) => onward(tab, (to) => void (tokens.logout(), location.assign(to))),
  "is loaded anew": (tab) => onward(tab, () => void (tokens.logout(), location.reload())),
};

everyEngine("pages that are left with a logout", (check) => {
  for (const [happens, go] of Object.entries(ways)) {
    check(`logout-final: a page that ${happens} in mid-refresh: the session is over`, {}, async (world) => {
      const [tab] = await world.signedInTabs(1);
      const { session, held, mark } = await inMidRefresh(world, tab);
      await go(tab);
      await loggedOut(world, mark);
      held.release();
      await assertOver(world, tab, session);
    });
  }

  check("logout-final: a page that is left while another tab refreshes: the session is over", {}, async (world) => {
    const [tab, other] = await world.signedInTabs(2);
    const { session, held, mark } = await inMidRefresh(world, other);
    await ways["goes to another page"](tab);
    await loggedOut(world, mark);
    held.release();
    await other.reaches("signed-out");
    await assertOver(world, tab, session);
  });

  check("logout-final: a tab that is closed in mid-refresh: the session is over", {}, async (world) => {
    const [tab, other] = await world.signedInTabs(2);
    const { session, held, mark } = await inMidRefresh(world, other);
    await tab.run(() => void tokens.logout());
    await world.closeTab(tab);
    await loggedOut(world, mark);
    held.release();
    await assertOver(world, await world.bareTab(), session);
  });

  check("one-identity: a page that is left by logging in as another person: that session lives", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const { held, mark } = await inMidRefresh(world, tab, { after: false });
    // The two requests may overtake each other; a person takes longer to log in.
    world.gateway.rule("/enter", async () => {
      await loggedOut(world, mark);
      return entrance(world, "bob", tab.name);
    });
    await onward(tab, () => void (tokens.logout(), location.assign("/enter")));
    held.release();
    await tab.start();
    assert.equal(await tab.subject(), "bob");
    assert.deepEqual(await tab.burst(2), { 200: 2 });
  });
});

/** `tab` refreshes. The answer is held back, with the new cookie in it; or, if not `after`, the request. */
async function inMidRefresh(world, tab, { after = true } = {}) {
  const held = hold(world.gateway, REFRESH, { after, count: 1 });
  const mark = world.ledger.mark();
  void tab.run(() => tokens.refresh().catch(() => {})).catch(() => {});
  const { headers } = await held.arrived;
  return { session: headers.cookie, held, mark };
}

/** Has the page go away by `leave`, and waits for the one that comes after it. */
async function onward(tab, leave) {
  await tab.run(leave, `/e2e/?tab=${tab.name}`).catch(() => {});
  // The old page may still answer, and may be gone while it is asked.
  await until(() => tab.run(() => window.tokens === undefined).catch(() => false), "the next page");
}

/** The backend has ended the session, and the refresh is still under way. */
async function loggedOut({ ledger }, mark) {
  const done = ledger.first(LOGOUT, mark, ({ answeredAt }) => answeredAt !== undefined);
  assert.equal((await bounded(done, "the logout")).status, 204);
  assert.equal(ledger.to(REFRESH, mark)[0].answeredAt, undefined, "the refresh is under way");
}

/** `tab` restores nothing, and the backend takes neither the session's last cookie nor any of its tokens. */
async function assertOver(world, tab, session) {
  await tab.start();
  assert.equal(await tab.status(), "signed-out");
  const { backend, origin } = world.gateway;
  const headers = { cookie: session, origin, "x-requested-with": "tokenhold", "sec-fetch-site": "same-origin" };
  assert.equal((await fetch(`${backend}/auth/refresh`, { method: "POST", headers })).status, 401);
  for (const token of world.ledger.issued) {
    const answer = await fetch(`${backend}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 401, "an access token outlives the logout");
  }
}

/** The last answer of a login by navigation: the cookie, and a redirect to the app. */
async function entrance(world, username, name) {
  const { backend, origin } = world.gateway;
  const answer = await fetch(`${backend}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-requested-with": "tokenhold", origin },
    body: JSON.stringify({ username, password: "correct horse" }),
  });
  return {
    status: 303,
    headers: { location: `/e2e/?tab=${name}`, "set-cookie": answer.headers.getSetCookie() },
    body: "",
  };
}
