import assert from "node:assert/strict";
import { moment } from "../e2e/support/clock.mjs";
import { REFRESH } from "../e2e/support/ledger.mjs";
import { CUT_OFF, hold, INVALID_TOKEN, json, refuseTokens, script, text } from "../e2e/support/rules.mjs";
import { halfLife, inPage, signIn } from "./support/in-page.mjs";
import { built } from "./support/sites.mjs";
import { everyApp, everyEngine } from "./support/suite.mjs";

const succeeding = "json form parameters bytes blob buffer text accepted intercepted progress".split(" ");
const failing = "missing refused malformed cut timeout clarified worded aborted canceled".split(" ");
const waiting = "timeout clarified worded aborted canceled".split(" ");
const adapters = ["xhr", "fetch"];

everyEngine("axios", () => built("axios", "dist"), (check) => {
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
      const tokens = visit.ledger.to("/api/*", mark).map(({ headers }) => Boolean(headers.authorization));
      assert.deepEqual(tokens.filter(Boolean).length, tokens.length / 2, adapter);
    }
    slow.release();
  });

  for (const adapter of adapters) {
    check(`retry-once: a rejected token costs one refresh, and each request one replay (${adapter})`, async (visit) => {
      await signIn(visit);
      serve(visit);
      const expected = [];
      for (const name of succeeding) expected.push((await inPage(visit, both, adapter, name))[0]);
      await halfLife(visit);
      refuseTokens(visit.gateway);
      const mark = visit.ledger.mark();
      const outcomes = await inPage(visit, atOnce, adapter, succeeding);
      for (const [at, name] of succeeding.entries()) assert.deepEqual(outcomes[at], expected[at], name);
      // By `fetch`, Chromium sends no body with upload progress over HTTP/1.
      assert.equal(visit.ledger.to("/api/*", mark).length, 2 * expected.filter(({ answer }) => answer).length);
      assert.equal(visit.refreshes(mark).length, 1);
    }, { accessTtl: "8s" });

    check(`retry-once: a second refusal is an AxiosError with the answer in it (${adapter})`, async (visit) => {
      await signIn(visit);
      script(visit.gateway, "/api/echo", INVALID_TOKEN);
      await halfLife(visit);
      const mark = visit.ledger.mark();
      const [{ error, answer }] = await inPage(visit, atOnce, adapter, ["json"]);
      assert.deepEqual([error.code, error.status, error.isRevealed, answer.status], ["ERR_BAD_REQUEST", 401, false, 401]);
      assert.equal(visit.ledger.to("/api/echo", mark).length, 2);
    }, { accessTtl: "4s" });

    check(`liveness: time-outs and cancellation work while a request waits for a token (${adapter})`, async (visit) => {
      await signIn(visit);
      const slow = hold(visit.gateway, "/api/slow");
      // One that waits is in no adapter's hands yet: it ends as in the one that browsers have by default.
      const native = await inPage(visit, atOnce, "xhr", waiting, "without tokens");
      slow.release();
      await halfLife(visit);
      refuseTokens(visit.gateway);
      const held = hold(visit.gateway, REFRESH);
      const mark = visit.ledger.mark();
      const outcomes = await inPage(visit, atOnce, adapter, waiting);
      held.release();
      // There is no request to show while one waits.
      const shape = ({ error: { hasRequest: _, ...rest } }) => rest;
      assert.deepEqual(outcomes.map(shape), native.map(shape));
      assert.equal(await inPage(visit, async () => (await api.get("/me")).status), 200);
      assert.ok(visit.ledger.to("/api/slow", mark).length <= waiting.length, "none of them was replayed");
    }, { accessTtl: "4s" });
  }

  check("an error of the manager's is an AxiosError with its code, and with it as the cause", async (visit) => {
    await signIn(visit);
    script(visit.gateway, REFRESH, text(503, "busy"));
    await moment((await inPage(visit, () => tokens.expiresAt)) + 100);
    const [{ error }] = await inPage(visit, atOnce, "xhr", ["json"]);
    assert.deepEqual([error.code, error.kind, error.cause, error.method], ["refresh-failed", [true, false, true], "TokenholdError", "post"]);
  }, { accessTtl: "2s" });

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
});

function serve(visit) {
  visit.gateway.rule("/api/echo", async ({ method, url, headers, body }) => {
    const seen = { method, query: url.split("?")[1], custom: headers["x-custom"], type: headers["content-type"], length: body.length };
    return json(200, { ...seen, body: body.toString("latin1").slice(0, 500) }, { "cache-control": "no-store" });
  });
  script(visit.gateway, "/api/missing", json(404, { error: "nothing" }));
  script(visit.gateway, "/api/page", text(200, "<p>no JSON"));
  script(visit.gateway, "/api/cut", CUT_OFF);
}

/* In the page. */

async function both(adapter, name) {
  const native = axios.create({ baseURL: "/api", adapter });
  const ours = axios.create({ baseURL: "/api", adapter });
  attachTokens(ours, tokens);
  // Not at once: a browser's cache has the second of two requests for the same wait.
  return [await behaviours.outcome(native, name), await behaviours.outcome(ours, name)];
}

async function atOnce(adapter, names, isWithout) {
  return Promise.all(
    names.map((name) => {
      const instance = axios.create({ baseURL: "/api", adapter });
      if (!isWithout) attachTokens(instance, tokens);
      return behaviours.outcome(instance, name);
    }),
  );
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
