import assert from "node:assert/strict";
import { test } from "node:test";
import { bounded } from "../e2e/support/clock.mjs";
import { hold, json, refuseTokens } from "../e2e/support/rules.mjs";
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
  "libraries that take a fetch, and one that does not",
  () => built("libraries", "dist", { sources }),
  (check) => {
    check("signs in, calls the API, and restores by one refresh", everyApp);

    check("retry-once: a rejected token costs all of them one refresh, and each request one replay", async (visit) => {
      await signIn(visit);
      serve(visit);
      const received = receive(visit);
      await tenSeconds(visit);
      refuseTokens(visit.gateway);
      const mark = visit.ledger.mark();
      const [outcomes, uploaded] = await inPage(visit, readWriteAndUpload, libraries, "0123456789");
      assert.deepEqual(
        outcomes,
        libraries.map((name) => ({ name: "Alice", text: `by ${name}` })),
      );
      assert.deepEqual([uploaded, received()], ["uploaded", "0123456789"]);
      const chunks = visit.ledger.to("/api/files*", mark).map(({ method, status }) => `${method} ${status}`);
      assert.deepEqual(chunks, ["POST 401", "POST 201", "PATCH 204", "PATCH 204", "PATCH 204"], "tus, under intercept");
      const sent = visit.ledger.to("/api/*", mark);
      assert.equal(sent.length, 4 * libraries.length + chunks.length);
      assert.deepEqual(
        [visit.refreshes(mark).length, sent.filter(({ status }) => status === 401).length],
        [1, 2 * libraries.length + 1],
      );
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

async function readWriteAndUpload(names, file) {
  const one = async (name) => {
    const [{ name: person }, { text }] = await Promise.all([clients[name].read(), clients[name].write(`by ${name}`)]);
    return { name: person, text };
  };
  return Promise.all([Promise.all(names.map(one)), upload(file)]);
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
