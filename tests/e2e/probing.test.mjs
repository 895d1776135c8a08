import assert from "node:assert/strict";
import { assertServed, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { moment } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { shorten, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

const TABS = 4;

/** The answers of the backend while it is down, their number, and the bounds of each wait, in ms. */
const outages = {
  "with Retry-After": { headers: { "retry-after": "2" }, failures: 2, waits: () => [2_000, 2_400] },
  "without Retry-After": { headers: {}, failures: 3, waits: (attempt) => [0, 1_000 * 2 ** (attempt - 1)] },
};

anyEngine("a backend that is down", (check) => {
  for (const [how, { headers, failures, waits }] of Object.entries(outages)) {
    check(
      `no-needless-refresh: 503 ${how}: ${TABS} tabs that never stop asking probe as one, once after each wait, and then all are served`,
      { fault: `backend down at the expiry, 503 ${how}` },
      async (world) => {
        shorten(world.gateway, 2);
        const tabs = await world.signedInTabs(TABS, "alice", options);
        await expiry(tabs);
        const mark = world.ledger.mark();
        failFirst(world, failures, text(503, "busy", "text/plain", headers));
        const outcomes = await askUntilServed(tabs);
        for (const outcome of Object.keys(outcomes)) assert.ok(["200", "refresh-failed"].includes(outcome), outcome);
        const refreshes = world.ledger.to(REFRESH, mark);
        assert.deepEqual(
          refreshes.map(({ status }) => status),
          [...Array(failures).fill(503), 200],
        );
        const told = (await inAll(tabs, (tab) => tab.events("refresh-failed"))).flat();
        assert.equal(Math.max(...told.map(({ attempt }) => attempt)), failures, "the tabs count together");
        for (let attempt = 1; attempt <= failures; attempt++) {
          const wait = Math.max(...told.filter((each) => each.attempt === attempt).map(({ retryInMs }) => retryInMs));
          const [shortest, longest] = waits(attempt);
          assert.ok(shortest <= wait && wait <= longest, `a wait of ${wait} ms after attempt ${attempt}`);
          const [failed, next] = refreshes.slice(attempt - 1);
          assert.ok(
            next.at >= failed.answeredAt + wait,
            `asked after ${next.at - failed.answeredAt} ms, not after ${wait}`,
          );
        }
        await assertServed(tabs);
        return verdict(world, mark, { refreshes: failures + 1 });
      },
    );
  }
});

/** Answers the first `count` refreshes with `answer`. */
function failFirst(world, count, answer) {
  world.gateway.rule(REFRESH, async (_, next) => (count-- > 0 ? answer : next()));
}

/** Asks in all `tabs` again and again, until all are served at once; all outcomes. */
async function askUntilServed(tabs) {
  const tallies = [];
  while (tallies.at(-1)?.[200] !== tabs.length) {
    tallies.push(sum(await inAll(tabs, (tab) => tab.burst(1))));
    await moment(Date.now() + 50);
  }
  return sum(tallies);
}
