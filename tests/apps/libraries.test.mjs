import assert from "node:assert/strict";
import { test } from "node:test";
import { bounded } from "../e2e/support/clock.mjs";
import { hold, json, refuseTokens, text } from "../e2e/support/rules.mjs";
import { inPage, signIn, tenSeconds } from "./support/in-page.mjs";
import { installed, script } from "./support/install.mjs";
import { built } from "./support/sites.mjs";
import { everyApp, everyEngine } from "./support/suite.mjs";

const libraries = ["ky", "ofetch", "query", "apollo", "openapi"];

const sources = ["page", "libraries"];

test("libraries that need no page: tRPC, SignalR, clients of server-sent events", { timeout: 600_000 }, async () => {
  await script(await installed("libraries", sources), "test");
});

everyEngine(
  "libraries that take a fetch, and some that do not",
  () => built("libraries", "dist", { sources }),
  (check) => {
    check("signs in, calls the API, and restores by one refresh", everyApp);

    check("retry-once: a rejected token costs all of them one refresh, and each request one replay", async (visit) => {
      await signIn(visit);
      serve(visit);
      await tenSeconds(visit);
      refuseTokens(visit.gateway);
      const mark = visit.ledger.mark();
      const outcomes = await inPage(visit, readAndWrite, libraries);
      assert.deepEqual(
        outcomes,
        libraries.map((name) => ({ name: "Alice", text: `by ${name}` })),
      );
      const sent = visit.ledger.to("/api/*", mark);
      assert.deepEqual(
        [visit.refreshes(mark).length, sent.filter(({ status }) => status === 401).length, sent.length],
        [1, 2 * libraries.length, 4 * libraries.length],
      );
      assert.deepEqual(visit.violations, []);
    });

    check("retry-once: the same for requests by the page's own fetch and XMLHttpRequest", async (visit) => {
      await signIn(visit);
      const received = serveForeign(visit);
      await tenSeconds(visit);
      refuseTokens(visit.gateway);
      const mark = visit.ledger.mark();
      const outcomes = await inPage(visit, () => intercepted());
      assert.deepEqual(outcomes, { tus: "uploaded", uppy: [{ stored: true }], hls: 1, socket: "hello" });
      assert.equal(received(), "0123456789");
      const sent = (path) => visit.ledger.to(path, mark).map(({ method, status }) => `${method} ${status}`);
      assert.deepEqual(sent("/api/files*"), ["POST 401", "POST 201", "PATCH 204", "PATCH 204", "PATCH 204"]);
      assert.deepEqual(sent("/api/forms"), ["POST 401", "POST 200"]);
      assert.deepEqual(sent("/api/film.m3u8"), ["GET 401", "GET 200"]);
      assert.deepEqual(sent("/api/socket/*").slice(0, 2), ["GET 401", "GET 200"]);
      assert.equal(visit.refreshes(mark).length, 1);
      assert.deepEqual(visit.violations, []);
    });

    check("liveness: an abort reaches the request, by way of each of them", async (visit) => {
      await signIn(visit);
      serve(visit);
      for (const [at, name] of libraries.entries()) {
        const held = hold(visit.gateway, name === "apollo" ? "/api/graphql" : "/api/slow");
        await inPage(visit, begin, name);
        await held.arrived;
        assert.equal(await bounded(inPage(visit, abort), name), "rejected", name);
        held.release();
        assert.equal(visit.ledger.to("/api/*").length, at + 1);
      }
    });
  },
);

/** The backend has no GraphQL. */
function serve(visit) {
  visit.gateway.rule("/api/graphql", async ({ body }) => {
    const { operationName, variables } = JSON.parse(body);
    const data = { Me: { me: { name: "Alice" } }, Note: { note: variables }, Slow: { slow: true } }[operationName];
    return json(200, { data: typed(data) });
  });
  visit.gateway.rule("/api/notes", async ({ body }) => json(201, JSON.parse(body)));
}

/** Serves the libraries that take no `fetch`. Returns a function that tells what has arrived by tus. */
function serveForeign(visit) {
  visit.gateway.rule("/api/forms", async () => json(200, { stored: true }));
  const film = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/api/film.ts\n#EXT-X-ENDLIST\n";
  visit.gateway.rule("/api/film.m3u8", async () => text(200, film, "application/vnd.apple.mpegurl"));
  speak(visit);
  return receive(visit);
}

/** A server of Socket.IO 5 by polling, which says hello to each client. */
function speak(visit) {
  const packets = (...all) => text(200, all.join("\u001e"), "text/plain; charset=UTF-8");
  const open = { sid: "1", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000 };
  const toSay = ['40{"sid":"2"}', '42["said","hello"]'];
  visit.gateway.rule("/api/socket/", async ({ method, url }) => {
    if (method === "POST") return packets("ok");
    if (!url.includes("sid=")) return packets(`0${JSON.stringify(open)}`);
    return packets(...(toSay.length > 0 ? toSay.splice(0) : ["6"]));
  });
}

/** A server of tus 1.0, with one file. Returns a function that tells what has arrived of it. */
function receive(visit) {
  let file = "";
  visit.gateway.rule("/api/files", async () => answer(201, { location: "/api/files/1" }));
  visit.gateway.rule("/api/files/1", async ({ body }) => {
    file += body;
    return answer(204, { "upload-offset": String(file.length) });
  });
  const answer = (status, headers) => ({ status, headers: { "tus-resumable": "1.0.0", ...headers }, body: "" });
  return () => file;
}

/** As Apollo asks for it: with the name of each object's type. */
function typed(value) {
  if (typeof value !== "object") return value;
  return { __typename: "Any", ...Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typed(part)])) };
}

/* In the page. */

async function readAndWrite(names) {
  const one = async (name) => {
    const [{ name: person }, { text }] = await Promise.all([clients[name].read(), clients[name].write(`by ${name}`)]);
    return { name: person, text };
  };
  return Promise.all(names.map(one));
}

function begin(name) {
  window.controller = new AbortController();
  window.over = clients[name].abortable(controller.signal).then(
    () => "resolved",
    () => "rejected",
  );
}

function abort() {
  controller.abort();
  return over;
}
