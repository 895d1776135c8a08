import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { engines } from "../e2e/support/engines.mjs";
import { packageFolder } from "../e2e/support/places.mjs";
import { amounts, bench } from "./bench.mjs";
import { WARM_UP, loads } from "./engine.mjs";
import { report } from "./report.mjs";
import { ratio, summary } from "./statistics.mjs";

const contenders = ["bare fetch", "tokenhold", "another commit", "axios + axios-auth-refresh", "oidc-client-ts"];
const phases = ["load", "start", "restore", "request", "script to answer", "page to answer"];

for (const engine of engines) {
  describe(engine, () => {
    let figures, measured;
    before(async () => {
      figures = await bench([engine], amounts.short, { another: packageFolder() });
      measured = figures.engines[engine];
    });

    test("every contender has restored its session and called the API, in a cold page and in a warm one", () => {
      for (const told of Object.values(measured.start)) {
        assert.deepEqual(Object.keys(told).sort(), [...contenders, "oidc-client-ts, token still stored"].sort());
        for (const load of Object.values(told).flat()) {
          for (const phase of phases) assert.ok(load[phase] >= 0, `${phase}: ${load[phase]}`);
        }
      }
      assert.deepEqual(Object.keys(measured.start).sort(), ["cold", "warm"]);
    });

    test("every page load, and the page of requests, has cost one refresh for each contender", () => {
      const pages = amounts.short.loads * 2 + WARM_UP + 1;
      assert.equal(measured.counts["/auth/refresh"], pages * 4);
      assert.equal(measured.counts["/token"], pages);
    });

    test("every contender's requests are timed, one after the other and 50 at a time", () => {
      assert.deepEqual(Object.keys(measured.requests).sort(), ["50 at a time", "one after the other"]);
      for (const times of Object.values(measured.requests)) {
        assert.deepEqual(Object.keys(times).sort(), contenders.toSorted());
        for (const time of Object.values(times).flat()) assert.ok(time > 0);
      }
    });

    test("no-needless-refresh: a thousand callers cost tokenhold one refresh and a thousand requests", () => {
      const counts = Object.entries(measured.storm).map(([name, [{ refreshes, requests }]]) => [
        name,
        refreshes,
        requests,
      ]);
      assert.deepEqual(counts.sort(), [
        ["another commit", 1, 1000],
        ["axios + axios-auth-refresh", 1, 2000],
        ["bare fetch", 1, 1000],
        ["oidc-client-ts", 1000, 1000],
        ["tokenhold", 1, 1000],
      ]);
    });

    test("no-needless-refresh: an expiry in several tabs costs one refresh, and is measured beside thirty lines", () => {
      const [[count, told]] = Object.entries(measured.tabs);
      assert.deepEqual(Object.keys(told), ["thirty lines", "tokenhold", "another commit"]);
      for (const [{ processor, slowest }] of Object.values(told)) assert.ok(processor >= 0 && slowest > 0);
      const [{ refreshes, heard }] = told.tokenhold;
      assert.equal(refreshes, 1);
      assert.ok(heard >= 2 * (Number(count) - 1), `${heard} messages: the news, and a token for each`);
    });

    test("the report has a line for every figure", () => {
      const lines = report(figures).split("\n");
      const count = (text) => lines.filter((line) => line.startsWith(`| ${text} `)).length;
      assert.deepEqual(contenders.map(count), [5, 7, 8, 7, 8]);
      assert.equal(count("requests,"), 2);
      assert.equal(count("thirty lines"), 1);
      assert.ok(!lines.some((line) => /NaN|undefined|Infinity/.test(line)));
    });
  });
}

test("medians and quartiles lie between the values", () => {
  assert.deepEqual(summary([4, 1, 3, 2]), { median: 2.5, low: 1.75, high: 3.25 });
  assert.deepEqual(summary([7]), { median: 7, low: 7, high: 7 });
});

test("ratios are made round by round", () => {
  assert.deepEqual(ratio([2, 40, 8], [1, 10, 2]), { median: 4, low: 3, high: 4 });
});

test("a page that does not load is named, with whose it is", async () => {
  const driver = { get: () => Promise.reject(new Error("timeout")) };
  const loading = loads(driver, 1, () => "http://warm.localhost/");
  await assert.rejects(
    loading,
    /^Error: bare fetch, round 1, http:\/\/warm\.localhost\/\?script=start-bare\.js: timeout$/,
  );
});
