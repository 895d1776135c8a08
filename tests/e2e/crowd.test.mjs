import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { countMessages } from "./support/page/count-messages.js";
import { anyEngine, everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

everyEngine("what tabs tell each other", (check) => {
  check("no-needless-refresh: an expiry costs each tab three messages", { accessTtl: "6s" }, (world) =>
    expireTogether(world, 4),
  );
});

anyEngine("many tabs", (check) => {
  check("no-needless-refresh: more than a few tabs at the moment of expiry", { accessTtl: "20s" }, (world) =>
    expireTogether(world, 14),
  );
});

/** Lets the token of `count` tabs expire, and has all of them send a request at once. */
async function expireTogether(world, count) {
  const tabs = await countingTabs(world, count);
  await tabs[0].signIn("alice");
  await inAll(tabs, (tab) => tab.reaches("signed-in"));
  await expiry(tabs);
  const [mark, before] = [world.ledger.mark(), await heardIn(tabs)];
  assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(1))), { 200: count });
  assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  const heard = (await heardIn(tabs)) - before;
  const others = count - 1;
  assert.ok(heard >= 2 * others, `${heard} messages: the news and a token for each`);
  // One that was asked may take its time, on a busy machine; then another one is asked.
  assert.ok(heard <= 4 * count, `${heard} messages in ${count} tabs`);
}

/** Hidden tabs that count the messages they hear. */
async function countingTabs(world, count) {
  const tabs = [];
  while (tabs.length < count) {
    const tab = await world.bareTab();
    await tab.run(countMessages);
    tabs.push(await tab.start());
  }
  await world.hideAll();
  return tabs;
}

async function heardIn(tabs) {
  const counts = await inAll(tabs, (tab) => tab.run(() => window.heard));
  return counts.reduce((a, b) => a + b);
}
