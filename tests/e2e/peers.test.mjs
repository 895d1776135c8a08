import assert from "node:assert/strict";
import { moment } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

anyEngine("tabs that open", (check) => {
  check("no-needless-refresh: a new tab gets the token from its peers", {}, async (world) => {
    await world.signedInTabs(2);
    const mark = world.ledger.mark();
    const newcomer = await world.tab();
    assert.equal(await newcomer.status(), "signed-in");
    assert.deepEqual(await newcomer.burst(5), { 200: 5 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
    assert.deepEqual(sentTokens(world, mark), new Set([`Bearer ${world.ledger.issued.at(-1)}`]));
  });

  check("no-needless-refresh: a tab's reload gets the token from its peers", {}, async (world) => {
    const [one] = await world.signedInTabs(2);
    const mark = world.ledger.mark();
    await one.reload();
    await one.start();
    assert.equal(await one.status(), "signed-in");
    assert.deepEqual(await one.burst(1), { 200: 1 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
  });

  check("liveness: all tabs closed and one opened: one refresh, signed in", {}, async (world) => {
    await world.signedInTabs(2);
    await world.closeAllTabs();
    const mark = world.ledger.mark();
    const returned = await world.tab();
    assert.equal(await returned.status(), "signed-in");
    assert.equal(await returned.subject(), world.subject());
    assert.deepEqual(await returned.burst(3), { 200: 3 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check("one-flight: five tabs restored at the same moment cost one refresh", {}, async (world) => {
    await world.signedInTabs(1);
    await world.closeAllTabs();
    const tabs = [];
    while (tabs.length < 5) tabs.push(await world.bareTab());
    await world.hideAll();
    const mark = world.ledger.mark();
    await inAll(tabs, (tab) => tab.start());
    assert.deepEqual(await inAll(tabs, (tab) => tab.status()), Array(5).fill("signed-in"));
    assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 25 });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check("liveness: no cookie: signed out, nothing thrown, no loop, and a 401 is the caller's", {}, async (world) => {
    const tab = await world.tab();
    assert.equal(await tab.status(), "signed-out");
    assert.deepEqual(await tab.burst(5), { 401: 5 });
    await moment(Date.now() + 3_000);
    assert.equal(await tab.status(), "signed-out");
    assert.equal(world.ledger.to(REFRESH).length, 1);
    const sent = world.ledger.to("/api/me");
    assert.equal(sent.length, 5, "a signed-out request goes out once");
    assert.deepEqual(sentTokens(world, 0), new Set([undefined]));
    assert.deepEqual(await tab.events("refresh-failed"), []);
  });

  check("liveness: requests made while restoring wait for the token", {}, async (world) => {
    await world.signedInTabs(1);
    await world.closeAllTabs();
    const held = hold(world.gateway, REFRESH);
    const mark = world.ledger.mark();
    const tab = await world.bareTab();
    await tab.run(() => start());
    assert.equal(await tab.status(), "restoring");
    const answers = tab.burst(5);
    await held.arrived;
    assert.equal(world.ledger.to("/api/*", mark).length, 0);
    held.release();
    assert.deepEqual(await answers, { 200: 5 });
    assert.deepEqual(sentTokens(world, mark), new Set([`Bearer ${world.ledger.issued.at(-1)}`]));
  });

  check("confinement: managers of two names do not meet", {}, async (world) => {
    await world.signedInTabs(1);
    const mark = world.ledger.mark();
    const apart = await world.tab({ name: "apart" });
    assert.equal(world.ledger.to(REFRESH, mark).length, 1, "another name's token is not taken over");
    assert.equal(await apart.status(), "signed-in");
  });
});

function sentTokens(world, mark) {
  return new Set(world.ledger.to("/api/*", mark).map(({ headers }) => headers.authorization));
}
