/** Faults reported elsewhere that no other test here is about: see the table in RELIABILITY.md. */
import assert from "node:assert/strict";
import { BOUND, options, verdict } from "./support/attack.mjs";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold, json, script, shorten } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll, sum } from "./support/tab.mjs";

everyEngine("faults reported elsewhere", (check) => {
  check(
    "liveness: a refresh through tokens.fetch is not queued behind the refresh that is under way",
    { accessTtl: "3s", allow: ["oneFlight"], suffered: ["axios-auth-refresh#120"] },
    async (world) => {
      // So long that nothing can have waited for it.
      const [tab] = await world.signedInTabs(1, "alice", { refresh: { url: REFRESH, timeout: 120_000 } });
      await expiry([tab]);
      const held = hold(world.gateway, REFRESH);
      const waiting = tab.burst(2);
      await held.arrived;
      const unscript = script(world.gateway, REFRESH, json(200, {}));
      const answer = tab.run(() => outcome(tokens.fetch("/auth/refresh", { method: "POST" })));
      assert.equal(await bounded(answer, "a refresh beside the one under way"), 200);
      unscript();
      held.release();
      assert.deepEqual(await waiting, { 200: 2 });
    },
  );

  check(
    "liveness: listeners that wait for the manager hang nothing",
    { suffered: ["supabase-js#1594"] },
    async (world) => {
      const tab = await world.tab();
      const heard = await bounded(tab.run(listenAndWait), "the listeners", BOUND);
      // Both are sent at the sign-in, and either may be answered first.
      assert.deepEqual(heard.splice(0, 2).sort(), ["change 200", "signed-in 200"]);
      assert.deepEqual(heard, ["refreshed resolved", "refreshed 200", "signed-out 401"]);
    },
  );

  check(
    "liveness: a lock that another script steals leaks no error, and the refresh is for all",
    { reuseGrace: "10s", allow: ["oneFlight"], suffered: ["supabase-js#2106", "supabase-js#2620"] },
    async (world) => {
      const [holder, ...others] = await world.signedInTabs(3, "alice", options);
      const held = hold(world.gateway, REFRESH, { count: 1 });
      const refreshed = inAll([holder, ...others], (tab) => tab.run(() => outcome(tokens.refresh())));
      await held.arrived;
      const stolen = await holder.run(stealLocks);
      assert.ok(stolen.includes(`tokenhold:${world.gateway.origin}${REFRESH}:refresh`), `stolen: ${stolen}`);
      held.release();
      assert.deepEqual(await bounded(refreshed, "the refreshes", 2 * BOUND), Array(3).fill("resolved"));
      assert.deepEqual(sum(await inAll([holder, ...others], (tab) => tab.burst(2))), { 200: 6 });
    },
  );

  check(
    "liveness: a worker that refreshes is terminated, a backend with a grace: the tabs are served",
    {
      fault: "worker terminated in mid-refresh, backend with a grace",
      reuseGrace: "30s",
      allow: ["oneFlight"],
      suffered: ["wpt#61829"],
    },
    async (world) => {
      const tabs = await world.hiddenTabs(2, options);
      await tabs[0].run(startWorker, options);
      shorten(world.gateway, 2);
      const held = hold(world.gateway, REFRESH, { after: true, count: 1 });
      const mark = world.ledger.mark();
      await tabs[0].signIn("alice");
      await inAll(tabs, (tab) => tab.reaches("signed-in"));
      // A worker is never hidden: it refreshes ahead, the tabs do not.
      await held.arrived;
      await tabs[0].run(() => worker.terminate());
      await expiry(tabs);
      assert.deepEqual(sum(await inAll(tabs, (tab) => tab.burst(5))), { 200: 10 });
      held.release();
      return verdict(world, mark);
    },
  );

  check(
    "confinement: a policy that forbids workers, blobs and eval, and wants Trusted Types, is not violated",
    {},
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      const { outcomes, violations, refused } = await bounded(tab.run(liveInStrictFrame), "the strict frame", BOUND);
      assert.deepEqual(outcomes, ["signed-in", 200, "resolved", "resolved", "signed-out"]);
      assert.deepEqual(violations, []);
      assert.equal(refused, "worker-src", "the policy is in force");
    },
  );
});

/** In the page: every listener waits for a request, one for a refresh, before it is heard of. */
async function listenAndWait() {
  const heard = [];
  const listening = [];
  for (const kind of /** @type {const} */ (["change", "signed-in", "refreshed", "signed-out"])) {
    const off = tokens.on(kind, () => {
      off();
      listening.push(listen(kind));
    });
  }
  const listen = async (kind) => {
    if (kind === "refreshed") heard.push(`${kind} ${await outcome(tokens.refresh())}`);
    heard.push(`${kind} ${await outcome(tokens.fetch("/api/me"))}`);
  };
  for (const step of [() => signIn("alice"), () => tokens.refresh(), () => tokens.logout()]) {
    await step();
    await Promise.all(listening);
  }
  return heard;
}

/** In the page: takes every lock of the module away from its holder, for a moment; their names. */
async function stealLocks() {
  const { held } = await navigator.locks.query();
  const names = held.map(({ name }) => name).filter((name) => name.endsWith(":refresh"));
  for (const name of names) await navigator.locks.request(name, { steal: true }, () => {});
  return names;
}

/** In the page: a worker with a manager of its own. */
function startWorker(options) {
  window.worker = new Worker("/e2e/worker.js", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
    worker.postMessage(options);
  }).then(() => {});
}

/** In the page: a life in a frame with the strictest policy, then what that policy says of a worker made of a blob. */
async function liveInStrictFrame() {
  const frame = document.createElement("iframe");
  frame.src = "/e2e/strict";
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
  const strict = frame.contentWindow;
  const manager = await strict.manager;
  await manager.ready;
  const served = manager.fetch(`${location.origin}/api/me`).then(({ status }) => status);
  const outcomes = [
    manager.status,
    await served,
    await outcome(manager.refresh()),
    await outcome(manager.logout()),
    manager.status,
  ];
  const violations = [...strict.violations];
  const refused = new Promise((resolve) => {
    strict.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective));
  });
  strict.makeBlobWorker();
  return { outcomes, violations, refused: await refused };
}
