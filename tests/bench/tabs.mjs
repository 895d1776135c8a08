/** Many hidden tabs at the moment when their token has expired, each with one request. */
import { setTimeout } from "node:timers/promises";
import { Browser } from "../e2e/support/browser.mjs";
import { bounded, moment } from "../e2e/support/clock.mjs";
import { processorTime } from "../e2e/support/processes.mjs";
import { ANOTHER, participants } from "./bundles.mjs";
import { orders, refresh, thing, told } from "./page/addresses.js";

/** By name, the page's script. */
const contenders = {
  "thirty lines": "tabs-thirty-lines.js",
  tokenhold: "tabs-tokenhold.js",
  [ANOTHER]: "tabs-another-commit.js",
};

/** The slowest contender, on a busy machine. */
const WITHIN_MS = 120_000;

/**
 * Lets a token expire in so many tabs as `counts` says of the engine, for each contender, in each of `rounds`. Resolves
 * with the number of refreshes and of messages heard, the processor time of the whole browser until `quietMs` after the
 * last answer, and how long the slowest tab waited, in milliseconds; by number of tabs and by contender.
 */
export async function measureTabs(engine, port, server, { counts, rounds, quietMs }, another) {
  const results = {};
  const entries = participants(contenders, another);
  for (const count of counts[engine]) {
    results[count] = Object.fromEntries(entries.map(([name]) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, script] of inTurn(entries, round)) {
        results[count][name].push(
          await inBrowser(engine, (browser) => expiry(browser, port, server, { script, count, quietMs })),
        );
      }
    }
  }
  return results;
}

function inTurn(entries, round) {
  const first = round % entries.length;
  return [...entries.slice(first), ...entries.slice(0, first)];
}

async function inBrowser(engine, action) {
  const browser = await Browser.start(engine);
  try {
    return await action(browser);
  } finally {
    await browser.quit();
  }
}

async function expiry(browser, port, server, { script, count, quietMs }) {
  const origin = `http://tabs.localhost:${port}`;
  for (let left = count; left > 0; left--)
    await opened(browser, `${origin}/?script=${script}&lives=${lifetime(count)}`);
  // In front of them all, and none of them.
  const front = await browser.open(`${origin}/`);
  const all = { order: (what) => order(browser, front, what), server, count };
  const { expiresAt } = await asked(all);
  await moment(expiresAt);
  const before = { ...(await asked(all)), refreshes: server.counts[refresh], processor: processorTime(browser) };
  const answered = server.next(thing, count);
  await all.order("send");
  await bounded(answered, "an answer in each tab", WITHIN_MS);
  await setTimeout(quietMs);
  const processor = processorTime(browser) - before.processor;
  const refreshes = server.counts[refresh] - before.refreshes;
  const { heard, slowest } = await asked(all);
  return { refreshes, heard: heard - before.heard, processor, slowest };
}

/** In seconds: about as long as it takes to open so many tabs. */
function lifetime(count) {
  return Math.ceil(3 + count / 3);
}

async function opened(browser, url) {
  const tab = await browser.open(url);
  await browser.within(tab, (driver) =>
    driver.executeAsyncScript("globalThis.opened.then(arguments[0], (error) => { throw error; })"),
  );
}

function order(browser, tab, what) {
  return browser.within(tab, (driver) =>
    driver.executeScript((channel, what) => new BroadcastChannel(channel).postMessage(what), orders, what),
  );
}

/** Asks all tabs for a report. */
async function asked({ order, server, count }) {
  const answers = server.next(told, count);
  await order("tell");
  const tabs = await bounded(answers, "the report of each tab", WITHIN_MS);
  return {
    expiresAt: Math.max(...tabs.map(({ expiresAt }) => expiresAt)),
    heard: tabs.reduce((sum, { heard }) => sum + heard, 0),
    slowest: Math.max(...tabs.map(({ took }) => took)),
  };
}
