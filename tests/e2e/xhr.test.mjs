import assert from "node:assert/strict";
import {
  aboutToBeRefused,
  echo,
  intercept,
  ofAnswer,
  playBoth,
  ready,
  tenSeconds,
  timesSent,
  without,
} from "./support/foreign-code.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { CUT_OFF, refuseTokens, script, text } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";

const plain = ["text", "json", "blob", "arraybuffer", "document", "method", "head", "headers", "credentials"];
const writing = ["string", "typed", "form", "parameters", "bytes", "buffer", "blobs", "page", "large"];

everyEngine("an XMLHttpRequest with a token", (check) => {
  check("it does all that one without a token does", {}, async (world) => {
    const tab = await ready(world);
    echo(world);
    script(world.gateway, "/api/missing", text(404, "nothing", "text/plain"));
    script(world.gateway, "/api/empty", { status: 204, headers: {}, body: "" });
    script(world.gateway, "/api/big", text(200, "x".repeat(2_000_000), "text/plain"));
    script(world.gateway, "/api/moved", { status: 307, headers: { location: "/api/echo" }, body: "" });
    script(world.gateway, "/api/cut", CUT_OFF);
    const others = ["missing", "empty", "big", "moved", "cut"].map((name) => ["text", `/api/${name}`]);
    for (const [name, path] of [...[...plain, ...writing].map((name) => [name]), ...others]) {
      const mark = world.ledger.mark();
      const [native, managed] = await tab.run(playBoth, name, path);
      assert.deepEqual(managed, native, `${name} ${path ?? ""}`);
      const tokens = world.ledger.to("/api/*", mark).map(({ headers }) => Boolean(headers.authorization));
      assert.deepEqual(tokens, path === "/api/moved" ? [false, false, true, true] : [false, true]);
    }
  });

  check(
    "retry-once: a rejected XMLHttpRequest is sent again, whatever it is, and its sender hears of one answer",
    {},
    async (world) => {
      const tab = await ready(world);
      echo(world);
      const expected = {};
      for (const name of [...plain, ...writing]) [expected[name]] = await tab.run(playBoth, name);
      await tenSeconds(tab);
      refuseTokens(world.gateway);
      await tab.run(intercept);
      const mark = world.ledger.mark();
      const played = await tab.run(
        async (names) => Promise.all(names.map((name) => play(name))),
        [...plain, ...writing],
      );
      for (const [at, name] of [...plain, ...writing].entries()) {
        const { told, ...result } = played[at];
        assert.deepEqual(result, without(expected[name]), name);
        assert.deepEqual(ofAnswer(told), ofAnswer(expected[name].told), name);
      }
      assert.deepEqual(
        timesSent(world, mark),
        played.map(() => 2),
      );
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check(
    "one object can be sent again and again, also by what hears of its end, and in the midst of it",
    {},
    async (world) => {
      const tab = await aboutToBeRefused(world);
      const mark = world.ledger.mark();
      assert.deepEqual(await tab.run(reuse), [
        "loadend 200 /api/echo",
        "loadend 200 /api/echo",
        "loadend 200 /api/echo",
      ]);
      const sent = ["second", "third", "fourth"].map((name) => [
        name,
        world.ledger.to("/api/*", mark).filter(({ url }) => url.endsWith(name)),
      ]);
      assert.deepEqual(
        sent.map(([name, records]) => [name, records.at(-1).status]),
        [
          ["second", 200],
          ["third", 200],
          ["fourth", 200],
        ],
      );
      assert.deepEqual(
        sent.slice(1).map(([, records]) => records.length),
        [1, 1],
      );
    },
  );
});

/* In the page. */

async function reuse() {
  const ends = [];
  const request = new XMLHttpRequest();
  const again = ["/api/echo?third", "/api/echo?fourth"];
  /** @type {Promise<void>} */
  const done = new Promise((resolve) => {
    request.onloadend = () => {
      ends.push(`loadend ${request.status} ${new URL(request.responseURL).pathname}`);
      const path = again.shift();
      if (!path) return resolve();
      request.open("GET", path);
      request.send();
    };
  });
  request.open("GET", "/api/echo?first");
  request.send();
  request.open("GET", "/api/echo?second");
  request.send();
  await done;
  return ends;
}
