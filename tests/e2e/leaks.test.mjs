import assert from "node:assert/strict";
import { can } from "./support/engines.mjs";
import { everyEngine } from "./support/suite.mjs";

/** `npm run leaks` sets these: refreshes and requests in one tab. */
const REFRESHES = Number(process.env.TOKENHOLD_REFRESHES ?? 300);
const REQUESTS = Number(process.env.TOKENHOLD_REQUESTS ?? 3_000);
/** In bytes: what the collector may leave, whatever the number of requests. */
const HEAP_MARGIN = 1_000_000;

everyEngine("what is left behind", (check, engine) => {
  check(
    `keep-serving: ${REFRESHES} refreshes and ${REQUESTS} requests leave memory, listeners, timers, channels and locks where they were`,
    {},
    async (world) => {
      const tab = await loopbackTab(world);
      await work(tab, 100, 1_000);
      const before = { ...(await tab.run(settledCensus)), heap: await heap(tab, engine) };
      await work(tab, REFRESHES, REQUESTS);
      const after = { ...(await tab.run(settledCensus)), heap: await heap(tab, engine) };
      assert.ok(after.heap - before.heap < HEAP_MARGIN, `the heap has grown by ${after.heap - before.heap} bytes`);
      assert.deepEqual({ ...after, heap: 0 }, { ...before, heap: 0 });
      // One channel is for all tabs, one for this tab alone.
      assert.ok(
        before.memory > 0 && before.listeners > 0 && before.channels === 2 && before.locks === 1,
        JSON.stringify(before),
      );
    },
  );

  check(
    "liveness: every listener, timer, lock and channel is gone after dispose(), whatever was under way",
    {},
    async (world) => {
      const tab = await world.bareTab();
      await tab.run(() => import("/e2e/census.js"));
      const { memory: _, ...before } = await tab.run(() => census());
      await tab.run(() => start({ fetch: loopback }));
      await tab.ready();
      assert.notDeepEqual(await tab.run(() => census().channels), before.channels, "the census counts");
      await work(tab, 10, 100);
      await tab.run(() => {
        for (let at = 0; at < 10; at++) outcome(tokens.fetch("/api/me", { signal: new AbortController().signal }));
        outcome(tokens.refresh());
        outcome(tokens.logout());
        tokens.dispose();
      });
      const { memory, ...after } = await tab.run(settledCensus);
      assert.deepEqual(after, before);
      assert.ok(memory > 0);
      assert.deepEqual(await tab.run(ourLocks), []);
    },
  );
});

async function loopbackTab(world) {
  const tab = await world.bareTab();
  await tab.run(() => import("/e2e/census.js"));
  await tab.run(() => start({ fetch: loopback }));
  await tab.ready();
  await world.hideAll();
  return tab;
}

/** In portions that take a few seconds each. */
async function work(tab, refreshes, requests) {
  for (let left = refreshes; left > 0; left -= 500)
    await tab.run((count) => window.refreshes(count), Math.min(left, 500));
  for (let left = requests; left > 0; left -= 5_000)
    await tab.run((count) => window.requests(count), Math.min(left, 5_000));
}

/** Bytes of JavaScript's heap after a collection; 0 where that cannot be known. */
async function heap(tab, engine) {
  if (!can(engine, "heapUsage")) return 0;
  await tab.run(forgetNotes);
  const { usedSize } = await tab.driven(async (driver) => {
    await driver.sendDevToolsCommand("HeapProfiler.collectGarbage", {});
    return driver.sendAndGetDevToolsCommand("Runtime.getHeapUsage", {});
  });
  await tab.hideAll();
  return usedSize;
}

/** In the page: lets go what the tests have written down there of every event, message and timer. */
function forgetNotes() {
  for (const notes of [events, ...Object.values(witness.seen)]) notes.length = 0;
}

/** In the page: the census, once what was let go is gone: a lock's end, for one, is a message from another process. */
async function settledCensus() {
  for (let same = 0, last = ""; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = JSON.stringify(census());
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return census();
}

async function ourLocks() {
  const { held, pending } = await navigator.locks.query();
  return [...held, ...pending].map(({ name }) => name).filter((name) => name.startsWith("tokenhold"));
}
