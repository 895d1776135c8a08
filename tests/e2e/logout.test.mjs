import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { LOGOUT, REFRESH } from "./support/ledger.mjs";
import { hold, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("logout", (check) => {
  check(
    "logout-final: in one tab, it signs all tabs out, nothing leaves with a token, and the cookie is dead",
    {},
    async (world) => {
      const tabs = await world.signedInTabs(4);
      const session = await cookie(tabs[0]);
      await tabs[0].run(() => tokens.logout().then(() => {}));
      await inAll(tabs, (tab) => tab.reaches("signed-out"));
      const mark = world.ledger.mark();
      await assertOver(world, tabs, mark);
      const reasons = (await inAll(tabs, (tab) => tab.events("signed-out"))).map((events) =>
        events.map(({ reason }) => reason),
      );
      assert.deepEqual(reasons, [["logout"], ["elsewhere"], ["elsewhere"], ["elsewhere"]]);
      await assertDead(world, session);
      assert.equal(world.ledger.to(LOGOUT).length, 1);
    },
  );

  check(
    "logout-final: the tab that logs out is signed out at once, before the backend has answered",
    {},
    async (world) => {
      const tabs = await world.signedInTabs(2);
      const held = hold(world.gateway, LOGOUT);
      const done = tabs[0].run(() => tokens.logout().then(() => {}));
      await held.arrived;
      await inAll(tabs, (tab) => tab.reaches("signed-out"));
      const mark = world.ledger.mark();
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { 401: 6 });
      assertNoToken(world, mark);
      held.release();
      await done;
      await assertOver(world, tabs, mark);
    },
  );

  check(
    "logout-final: a refresh in flight in another tab changes nothing: it is settled before the logout leaves",
    {},
    async (world) => {
      const tabs = await world.signedInTabs(3);
      const held = hold(world.gateway, REFRESH, { after: true });
      const mark = world.ledger.mark();
      const refreshed = tabs[1].run(() => outcome(tokens.refresh()));
      const { headers } = await held.arrived;
      const done = tabs[0].run(() => tokens.logout().then(() => {}));
      await inAll(tabs, (tab) => tab.reaches("signed-out"));
      held.release();
      await bounded(Promise.all([done, refreshed]), "logout and refresh");
      const [refresh] = world.ledger.to(REFRESH, mark);
      const [logout] = world.ledger.to(LOGOUT, mark);
      assert.ok(refresh.answeredAt <= logout.at, "the refresh is settled before the logout request leaves");
      await assertOver(world, tabs, mark);
      await assertDead(world, headers.cookie);
      await assertDead(world, logout.headers.cookie);
      assert.equal(await (await world.tab()).status(), "signed-out");
    },
  );

  check("logout-final: a refresh in flight in the same tab does not undo a logout", {}, async (world) => {
    const tabs = await world.signedInTabs(2);
    const held = hold(world.gateway, REFRESH);
    const mark = world.ledger.mark();
    const refreshed = tabs[0].run(() => outcome(tokens.refresh()));
    await held.arrived;
    const done = tabs[0].run(() => tokens.logout().then(() => {}));
    await inAll(tabs, (tab) => tab.reaches("signed-out"));
    held.release();
    await bounded(Promise.all([done, refreshed]), "logout and refresh");
    await assertOver(world, tabs, mark);
    assert.equal(await (await world.tab()).status(), "signed-out");
  });

  check(
    "logout-final: requests that wait for a refresh when a logout comes never leave with a token",
    { accessTtl: "2s" },
    async (world) => {
      const tabs = await world.signedInTabs(2);
      await expiry(tabs);
      const held = hold(world.gateway, REFRESH);
      const mark = world.ledger.mark();
      const waiting = inAll(tabs, (tab) => tab.burst(3));
      await held.arrived;
      const done = tabs[0].run(() => tokens.logout().then(() => {}));
      await inAll(tabs, (tab) => tab.reaches("signed-out"));
      held.release();
      await bounded(done, "the logout");
      for (const outcome of Object.keys(sum(await waiting)))
        assert.ok(["401", "session-ended"].includes(outcome), outcome);
      await assertOver(world, tabs, mark);
    },
  );

  check("logout-final: it wins locally whatever the backend answers", {}, async (world) => {
    const tabs = await world.signedInTabs(2);
    script(world.gateway, LOGOUT, text(500, "<h1>no</h1>"));
    await tabs[0].run(() =>
      tokens
        .logout()
        .catch(() => {})
        .then(() => {}),
    );
    await inAll(tabs, (tab) => tab.reaches("signed-out"));
    await assertOver(world, tabs, world.ledger.mark());
  });

  check("logout-final: signing in after a logout works, in all tabs", {}, async (world) => {
    const tabs = await world.signedInTabs(2);
    await tabs[0].run(() => tokens.logout().then(() => {}));
    await inAll(tabs, (tab) => tab.reaches("signed-out"));
    await tabs[1].signIn("alice");
    await inAll(tabs, (tab) => tab.reaches("signed-in"));
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { 200: 6 });
  });

  check(
    "logout-final: logout.withToken sends a valid token, and only there",
    { allow: ["confinement"] },
    async (world) => {
      const tab = await world.tab({ logout: { url: "/auth/logout", withToken: true } });
      await tab.signIn("alice");
      const token = world.ledger.issued.at(-1);
      await tab.run(() => tokens.logout().then(() => {}));
      assert.deepEqual(
        world.ledger
          .to("/auth/*")
          .map(({ headers }) => headers.authorization)
          .filter(Boolean),
        [`Bearer ${token}`],
      );
      assert.equal(world.ledger.to(LOGOUT)[0].headers.authorization, `Bearer ${token}`);
      assert.equal(await tab.status(), "signed-out");
    },
  );

  check(
    "logout-final: a redirect is followed where the page may, and confirms the logout where it may not",
    {},
    async (world) => {
      const foreign = await world.foreign();
      /** @type {Record<string, [status: number, location: string, isConfirmed: boolean, times?: number]>} */
      const ways = {
        "to the same endpoint": [307, "/auth/logout?again", true, 1],
        "to a page of the app": [302, "/signed-out", true, 1],
        "to the provider": [303, `${foreign.origin()}/end-session`, true],
        "to a page that is none": [303, "/nowhere", false],
      };
      for (const [way, [status, location, isConfirmed, times]] of Object.entries(ways)) {
        const [tab] = await world.signedInTabs(1);
        const mark = world.ledger.mark();
        const redirect = { status, headers: { location }, body: "" };
        const remove = world.gateway.rule(LOGOUT, async ({ url }, next) =>
          url.endsWith("?again") ? next() : redirect,
        );
        script(world.gateway, "/signed-out", text(200, "bye", "text/plain"));
        script(world.gateway, "/nowhere", text(500, "no", "text/plain"));
        const outcome = await tab.run(() => tokens.logout().then(({ confirmed }) => confirmed));
        assert.equal(outcome, isConfirmed, way);
        const sent = world.ledger.to(LOGOUT, mark).filter(({ url }) => !url.endsWith("?again"));
        if (times) assert.equal(sent.length, times, way);
        remove();
        await world.closeTab(tab);
      }
    },
  );

  check("logout-final: Back, after a logout elsewhere, shows no signed-in page", {}, async (world) => {
    const [tab, other] = await world.signedInTabs(2);
    await tab.leave((driver) => driver.get(`${world.gateway.origin}/e2e/?tab=away`));
    await other.run(() => tokens.logout().then(() => {}));
    const mark = world.ledger.mark();
    await tab.driven((driver) => driver.navigate().back());
    await tab.connected();
    if (await tab.run(() => window.tokens === undefined)) await tab.start();
    await tab.reaches("signed-out");
    assert.deepEqual(await tab.burst(2), { 401: 2 });
    assertNoToken(world, mark);
  });
});

/** Nothing that leaves since `mark` has a token, however often it is tried, and nobody is signed in. */
async function assertOver(world, tabs, mark) {
  assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { 401: tabs.length * 3 });
  await inAll(tabs, (tab) => tab.run(() => outcome(tokens.refresh())));
  assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(3))), { 401: tabs.length * 3 });
  assertNoToken(world, mark);
  for (const tab of tabs) {
    assert.equal(await tab.status(), "signed-out");
    assert.equal(await tab.run(() => tokens.claims), null);
  }
}

function assertNoToken(world, mark) {
  const sent = world.ledger.to("/api/*", mark).filter(({ headers }) => headers.authorization);
  assert.deepEqual(
    sent.map(({ url }) => url),
    [],
    "requests with a token after logout",
  );
}

/** The backend takes neither `session` nor any access token of it any more. */
async function assertDead(world, session) {
  const { backend, origin } = { backend: world.gateway.backend, origin: world.gateway.origin };
  const headers = { cookie: session, origin, "x-requested-with": "tokenhold", "sec-fetch-site": "same-origin" };
  assert.equal((await fetch(`${backend}/auth/refresh`, { method: "POST", headers })).status, 401);
  for (const token of world.ledger.issued) {
    const answer = await fetch(`${backend}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 401, "an access token outlives the logout");
  }
}

async function cookie(tab) {
  const cookies = await tab.driven((driver) => driver.manage().getCookies());
  await tab.hideAll();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
