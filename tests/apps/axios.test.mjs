import assert from "node:assert/strict";
import { moment } from "../e2e/support/clock.mjs";
import { REFRESH } from "../e2e/support/ledger.mjs";
import { CUT_OFF, hold, INVALID_TOKEN, json, refuseTokens, script, text } from "../e2e/support/rules.mjs";
import { inPage, signIn, tenSeconds } from "./support/in-page.mjs";
import { built } from "./support/sites.mjs";
import { anyEngine, everyApp } from "./support/suite.mjs";

const succeeding = "json form parameters bytes blob buffer text accepted intercepted progress".split(" ");
const failing = "missing refused malformed cut timeout clarified worded aborted canceled".split(" ");
const waiting = "timeout clarified worded aborted canceled".split(" ");
const adapters = ["xhr", "fetch"];

anyEngine(
  "axios",
  () => built("axios", "dist", { sources: ["page", "axios"] }),
  (check) => {
    check("signs in, calls the API, and restores by one refresh", everyApp);

    check("an instance with tokens does all that one without does", async (visit) => {
      await signIn(visit);
      serve(visit);
      const slow = hold(visit.gateway, "/api/slow");
      for (const adapter of adapters) {
        const mark = visit.ledger.mark();
        for (const name of [...succeeding, ...failing]) {
          const [without, withTokens] = await inPage(visit, both, adapter, name);
          assert.deepEqual(withTokens, without, `${adapter}: ${name}`);
        }
        const tokens = visit.ledger.to("/api/echo", mark).map(({ headers }) => Boolean(headers.authorization));
        assert.equal(tokens.filter(Boolean).length, tokens.length / 2, adapter);
      }
      slow.release();
    });

    for (const adapter of adapters) {
      check(
        `retry-once: a rejected token costs one refresh, and each request one replay (${adapter})`,
        async (visit) => {
          await signIn(visit);
          serve(visit);
          const expected = [];
          for (const name of succeeding) expected.push((await inPage(visit, both, adapter, name))[0]);
          await tenSeconds(visit);
          refuseTokens(visit.gateway);
          const mark = visit.ledger.mark();
          const outcomes = await inPage(visit, atOnce, adapter, succeeding);
          for (const [at, name] of succeeding.entries()) assert.deepEqual(outcomes[at], expected[at], name);
          // By `fetch`, Chromium sends no body with upload progress over HTTP/1.
          assert.equal(visit.ledger.to("/api/*", mark).length, 2 * expected.filter(({ answer }) => answer).length);
          assert.equal(visit.refreshes(mark).length, 1);
        },
      );

      check(`retry-once: a second refusal is an AxiosError with the answer in it (${adapter})`, async (visit) => {
        await signIn(visit);
        script(visit.gateway, "/api/echo", INVALID_TOKEN);
        await tenSeconds(visit);
        const mark = visit.ledger.mark();
        const [{ error, answer }] = await inPage(visit, atOnce, adapter, ["json"]);
        assert.deepEqual(
          [error.code, error.status, error.isRevealed, answer.status],
          ["ERR_BAD_REQUEST", 401, false, 401],
        );
        assert.equal(visit.ledger.to("/api/echo", mark).length, 2);
      });

      check(
        `liveness: time-outs and cancellation work while a request waits for a token (${adapter})`,
        async (visit) => {
          await signIn(visit);
          const slow = hold(visit.gateway, "/api/slow");
          // One that waits is in no adapter's hands yet: it ends as in the one that browsers have by default.
          const native = await inPage(visit, atOnce, "xhr", waiting, "without tokens");
          slow.release();
          const held = hold(visit.gateway, REFRESH);
          await moment((await inPage(visit, () => tokens.expiresAt)) + 100);
          const mark = visit.ledger.mark();
          const outcomes = await inPage(visit, atOnce, adapter, waiting);
          held.release();
          // There is no request to show, either.
          const shape = ({ error: { hasRequest: _, ...rest } }) => rest;
          assert.deepEqual(outcomes.map(shape), native.map(shape));
          assert.equal(await inPage(visit, async () => (await api.get("/me")).status), 200);
          assert.equal(visit.ledger.to("/api/slow", mark).length, 0);
        },
        { accessTtl: "3s" },
      );
    }

    check("liveness: a request can be canceled between a refusal and the replay", async (visit) => {
      await signIn(visit);
      await tenSeconds(visit);
      refuseTokens(visit.gateway);
      const held = hold(visit.gateway, REFRESH);
      await inPage(visit, begin);
      await held.arrived;
      assert.deepEqual(await inPage(visit, abort), ["ERR_CANCELED", true]);
      held.release();
      assert.equal(await inPage(visit, async () => (await api.get("/me")).status), 200);
      assert.equal(visit.ledger.to("/api/notes").length, 1);
    });

    check(
      "an error of the manager's is an AxiosError with its code, and with it as the cause",
      async (visit) => {
        await signIn(visit);
        script(visit.gateway, REFRESH, text(503, "busy"));
        await moment((await inPage(visit, () => tokens.expiresAt)) + 100);
        const [{ error }] = await inPage(visit, atOnce, "xhr", ["json"]);
        assert.deepEqual(
          [error.code, error.kind, error.cause, error.method],
          ["refresh-failed", [true, false, true], "TokenholdError", "post"],
        );
      },
      { accessTtl: "2s" },
    );

    check("confinement: auth URLs, credentials of one's own, and what is undone get no token", async (visit) => {
      await signIn(visit);
      const mark = visit.ledger.mark();
      assert.deepEqual(await inPage(visit, withoutToken), [401, 401, 405, 401]);
      const sent = visit.ledger.since(mark).map(({ path, headers }) => [path, headers.authorization]);
      assert.deepEqual(sent, [
        ["/api/me", "Basic bWU6eW91"],
        ["/api/me", "Bearer mine"],
        ["/auth/refresh", undefined],
        ["/api/me", undefined],
      ]);
    });
  },
);

function serve(visit) {
  visit.gateway.rule("/api/echo", async ({ method, url, headers, body }) => {
    const query = url.replace(/.*\?as=[\w-]+/, "");
    // A form's boundaries are made at random, and differ in length.
    const text = body.toString("latin1").replace(/-{4,}\w+/g, "BOUNDARY");
    const seen = { method, query, custom: headers["x-custom"], type: headers["content-type"], length: text.length };
    return json(200, { ...seen, body: text.slice(0, 500) });
  });
  script(visit.gateway, "/api/missing", json(404, { error: "nothing" }));
  script(visit.gateway, "/api/page", text(200, "<p>no JSON"));
  script(visit.gateway, "/api/cut", CUT_OFF);
}

/* In the page. */

async function both(adapter, name) {
  // Each has an address of its own, so that no cache has one wait for the other.
  const instance = () => axios.create({ baseURL: "/api", params: { as: crypto.randomUUID() }, adapter });
  const [native, ours] = [instance(), instance()];
  attachTokens(ours, tokens);
  return Promise.all([behaviours.outcome(native, name), behaviours.outcome(ours, name)]);
}

async function atOnce(adapter, names, isWithout) {
  return Promise.all(
    names.map((name) => {
      const instance = axios.create({ baseURL: "/api", params: { as: crypto.randomUUID() }, adapter });
      if (!isWithout) attachTokens(instance, tokens);
      return behaviours.outcome(instance, name);
    }),
  );
}

function begin() {
  window.controller = new AbortController();
  window.over = api.get("/notes", { signal: controller.signal }).catch((error) => [error.code, axios.isCancel(error)]);
}

function abort() {
  controller.abort();
  return over;
}

async function withoutToken() {
  const any = { validateStatus: () => true };
  const answers = [
    await api.get("/me", { ...any, auth: { username: "me", password: "you" } }),
    await api.get("/me", { ...any, headers: { Authorization: "Bearer mine" } }),
    await api.get("/auth/refresh", { ...any, baseURL: "" }),
  ];
  detach();
  return [...answers, await api.get("/me", any)].map(({ status }) => status);
}
