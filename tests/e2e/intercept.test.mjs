import assert from "node:assert/strict";
import { expiry } from "./support/ages.mjs";
import { bounded } from "./support/clock.mjs";
import {
  aboutToBeRefused,
  echo,
  intercept,
  load,
  ofAnswer,
  playBoth,
  ready,
  tenSeconds,
  timesSent,
  without,
} from "./support/foreign-code.mjs";
import { REFRESH, bearer } from "./support/ledger.mjs";
import { hold, json, refuseTokens, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";

anyEngine("code that you do not own", (check) => {
  check(
    "confinement: intercepted requests have the token at allowed origins only; undone, all is as it was",
    {},
    async (world) => {
      const foreign = await world.foreign();
      const [tab] = await world.signedInTabs(1);
      const found = await tab.run(askEverywhere, foreign.origin());
      assert.deepEqual(found.statuses, {
        ours: [200, 200],
        abroad: [200, 200],
        own: [401, 401],
        afterwards: [401, 401],
      });
      assert.deepEqual(found.isRestored, [true, true]);
      assert.deepEqual(foreign.authorizations(), []);
      assert.equal(foreign.requests.length, 2);
      const sent = world.ledger.to("/api/me").map(({ headers }) => headers.authorization);
      const token = `Bearer ${world.ledger.issued.at(-1)}`;
      assert.deepEqual(sent, [token, token, "Basic bWU6eW91", "Basic bWU6eW91", undefined, undefined]);
      const other = world.ledger.to("/auth/*").filter(({ url }) => url.includes("not-really"));
      assert.deepEqual(
        other.map(({ headers }) => headers.authorization),
        [undefined, undefined],
      );
    },
  );

  check("confinement: requests that cannot wait are left alone", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    assert.deepEqual(await tab.run(askAtOnce), { synchronous: [401, 4], withUser: 401 });
    const sent = world.ledger.to("/api/me").map(({ headers }) => headers.authorization ?? "");
    assert.deepEqual(
      sent.filter((authorization) => authorization.startsWith("Bearer")),
      [],
    );
  });

  check(
    "retry-once: a request that is refused when there is a newer token is sent again at once",
    {},
    async (world) => {
      const tab = await aboutToBeRefused(world);
      for (const name of ["text", "large"]) {
        const late = hold(world.gateway, "/api/echo", { after: true, count: 1 });
        const mark = world.ledger.mark();
        await tab.run((scenario) => begin(scenario), name);
        await late.arrived;
        if (name === "text") await tab.run(() => tokens.refresh());
        late.release();
        const { status, response, told } = await tab.run(() => played());
        assert.deepEqual([status, /^\{"method"/.test(response), ofAnswer(told).length], [200, true, 8], name);
        assert.deepEqual(timesSent(world, mark), [name === "text" ? 2 : 1]);
      }
      assert.equal(world.ledger.to(REFRESH).length, 2);
    },
  );

  check("retry-once: a second refusal is the sender's, as an answer like any other", {}, async (world) => {
    const tab = await ready(world);
    const refusals = [];
    script(world.gateway, "/api/echo", () => text(401, `refused ${refusals.push(1)}`, "text/plain"));
    const [native] = await tab.run(playBoth, "text");
    await tenSeconds(tab);
    await tab.run(intercept);
    refusals.length = 0;
    const mark = world.ledger.mark();
    const played = await tab.run(() => play("text"));
    assert.deepEqual(played, { ...native, response: "refused 2" });
    assert.deepEqual(timesSent(world, mark), [2]);
  });

  check(
    "no-needless-refresh: ten XMLHttpRequests and ten fetches at expiry cost one refresh",
    { accessTtl: "3s" },
    async (world) => {
      const tab = await ready(world);
      await expiry([tab]);
      await tab.run(intercept);
      const mark = world.ledger.mark();
      const statuses = await tab.run(async () => {
        const fetches = Promise.all(Array.from({ length: 10 }, () => outcome(fetch("/api/me"))));
        return [await playAll(10), tally(await fetches)];
      });
      assert.deepEqual(statuses, [{ 404: 10 }, { 200: 10 }]);
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check(
    "liveness: a request of before the session is known waits for it, and its sender sees it opened",
    {},
    async (world) => {
      await world.signedInTabs(1);
      const held = hold(world.gateway, REFRESH);
      await world.closeAllTabs();
      const tab = await world.bareTab();
      await tab.run(() => start());
      await load(tab);
      echo(world);
      await tab.run(intercept);
      await tab.run(() => begin("form"));
      await held.arrived;
      assert.deepEqual(await tab.run(() => [request.readyState, told]), [1, ["readystatechange 1 0"]]);
      assert.equal(world.ledger.to("/api/*").length, 0);
      held.release();
      assert.equal((await tab.run(() => played())).status, 200);
      assert.deepEqual(
        world.ledger.to("/api/echo").map(({ headers }) => bearer(headers)),
        [world.ledger.issued.at(-1)],
      );
    },
  );

  const ways = [
    { when: "waiting", prepare: waits, flags: { accessTtl: "4s" } },
    { when: "refused", prepare: isRefused, flags: {} },
    { when: "under way", prepare: isUnderWay, flags: {} },
  ];
  for (const { when, prepare, flags } of ways) {
    check(`liveness: an abort ends a request that is ${when}, as any other`, flags, async (world) => {
      const tab = await ready(world);
      const native = await abortedNatively(world, tab);
      const { held, mark, sent } = await prepare(world, tab);
      await tab.run(intercept);
      await tab.run(() => begin("text"));
      await held.arrived;
      const aborted = await bounded(tab.run(abort), "the aborted request");
      held.release();
      assert.deepEqual(ofAnswer(aborted.told).slice(-3), ofAnswer(native.told).slice(-3));
      assert.deepEqual(withoutPath(aborted), withoutPath(native));
      assert.equal(await tab.run(() => outcome(tokens.fetch("/api/me"))), 200);
      assert.equal(world.ledger.to("/api/echo", mark).length, sent);
    });

    check(`liveness: a time-out ends a request that is ${when}, as any other`, flags, async (world) => {
      const tab = await ready(world);
      const slow = hold(world.gateway, "/api/echo");
      const native = await tab.run(() => play("impatient"));
      slow.release();
      const { held } = await prepare(world, tab);
      await tab.run(intercept);
      const late = await bounded(
        tab.run(() => play("impatient")),
        "the time-out",
      );
      held.release();
      assert.deepEqual(ofAnswer(late.told).slice(-3), ofAnswer(native.told).slice(-3));
      assert.deepEqual(withoutPath(late), withoutPath(native));
    });
  }

  check(
    "keep-serving: a refresh that fails is an error of those that needed it",
    { accessTtl: "3s" },
    async (world) => {
      const tab = await ready(world);
      await expiry([tab]);
      await tab.run(intercept);
      script(world.gateway, REFRESH, text(503, "busy"));
      const { told, status, readyState } = await bounded(
        tab.run(() => play("text")),
        "the error",
      );
      assert.deepEqual(
        [told.slice(-3), status, readyState],
        [["readystatechange 4 0", "error 4 0", "loadend 4 0"], 0, 4],
      );
    },
  );

  check(
    "a function that knows stale tokens is asked about an XMLHttpRequest's answer, and may read it",
    {},
    async (world) => {
      const tab = await world.bareTab();
      await tab.run(startWithFunction);
      await tab.ready();
      await load(tab);
      await world.hideAll();
      await tab.signIn("alice");
      await tenSeconds(tab);
      const stale = new Set(world.ledger.issued);
      world.gateway.rule("/api/echo", async ({ headers }) =>
        json(200, { stale: stale.has(bearer(headers)), big: "x".repeat(500_000) }),
      );
      const mark = world.ledger.mark();
      const types = ["text", "json", "blob", "arraybuffer"];
      await tab.run(intercept);
      const played = await tab.run(async (names) => Promise.all(names.map((name) => play(name))), types);
      assert.deepEqual(
        played.map(({ response }) => /"stale":(\w+)/.exec(response)[1]),
        types.map(() => "false"),
      );
      assert.deepEqual(
        played.map(({ told }) => told.filter((line) => line.startsWith("loadend"))),
        types.map(() => ["loadend 4 200"]),
      );
      assert.deepEqual(
        timesSent(world, mark),
        types.map(() => 2),
      );
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );

  check("the undo keeps a fetch that other code has set meanwhile, and dispose() undoes as well", {}, async (world) => {
    const tab = await ready(world);
    echo(world);
    assert.deepEqual(await tab.run(comeBetween), {
      isTheirs: [true, true],
      isRestored: [true, true],
      statuses: [200, 200, 200, 200],
      refused: "disposed",
    });
    const sent = world.ledger.to("/api/echo").map(({ headers }) => Boolean(headers.authorization));
    assert.deepEqual(sent, [true, true, false, false]);
  });

  check("an XMLHttpRequest carries whatever the manager adds, and its own headers win", {}, async (world) => {
    const tab = await world.bareTab();
    await tab.run(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: not every engine has the Cookie Store API.
      document.cookie = "xsrf=one";
      return start({ header: "X-Access-Token", csrf: { cookie: "xsrf", header: "X-XSRF" } });
    });
    await tab.ready();
    await tab.signIn("alice");
    script(world.gateway, "/api/echo", text(200, "here", "text/plain"));
    await tab.run(async () => {
      tokens.intercept(window);
      const post = (headers) =>
        new Promise((resolve) => {
          const request = new XMLHttpRequest();
          request.open("POST", "/api/echo");
          for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
          request.onload = resolve;
          request.send("x");
        });
      await post({});
      await post({ "X-XSRF": "mine" });
      await post({ "X-Access-Token": "mine" });
    });
    const token = `Bearer ${world.ledger.issued.at(-1)}`;
    assert.deepEqual(
      world.ledger.to("/api/echo").map(({ headers }) => [headers["x-access-token"], headers["x-xsrf"]]),
      [
        [token, "one"],
        [token, "mine"],
        ["mine", "one"],
      ],
    );
  });

  check("retry-once: a request that another library's function has made goes again, too", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    await tenSeconds(tab);
    refuseTokens(world.gateway);
    const mark = world.ledger.mark();
    const told = await tab.run(askByFunction);
    assert.deepEqual(told, { status: 200, loads: 1, isReal: true });
    const sent = world.ledger.to("/api/me", mark).map(({ status }) => status);
    assert.deepEqual([sent, world.ledger.to(REFRESH, mark).length], [[401, 200], 1]);
  });

  check("a login by the page's own fetch waits for no refresh of the manager", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    await tenSeconds(tab);
    const began = Date.now();
    const code = await tab.run(async () => {
      tokens.intercept(window);
      const login = () => fetch("/auth/login", { method: "POST", body: "nobody" });
      return tokens.signIn(login).catch((error) => error.code);
    });
    assert.equal(code, "sign-in-failed");
    assert.ok(Date.now() - began < 9_000, "it has waited for the time-out");
    assert.equal(world.ledger.to("/auth/login").at(-1).headers.authorization, undefined);
  });

  check("a manager whose `fetch` is the page's own of the moment does not go round in circles", {}, async (world) => {
    const tab = await world.bareTab();
    await tab.run(startWithLateFetch);
    await tab.ready();
    await tab.signIn("alice");
    const mark = world.ledger.mark();
    const statuses = await tab.run(async () => {
      tokens.intercept(window);
      const own = { headers: { authorization: "Basic bWU6eW91" } };
      return [
        await outcome(fetch("/api/me")),
        await outcome(tokens.fetch("/api/me")),
        await outcome(fetch("/api/me", own)),
      ];
    });
    assert.deepEqual(statuses, [200, 200, 401]);
    assert.equal(world.ledger.to("/api/me", mark).length, 3);
    await tab.run(() => tokens.refresh().then(() => {}));
    assert.equal(world.ledger.to(REFRESH, mark).length, 1);
  });

  check("intercepting is allowed by a policy that forbids all that can be forbidden", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    assert.deepEqual(await tab.run(interceptInStrictFrame), { statuses: [200, 200], violations: [] });
  });
});

/**
 * The ways to be in the midst of something when a test ends it: what is `held`, and how often the request was `sent`.
 */
async function waits(world, tab) {
  await expiry([tab]);
  return { held: hold(world.gateway, REFRESH), mark: world.ledger.mark(), sent: 0 };
}

async function isRefused(world, tab) {
  await tenSeconds(tab);
  refuseTokens(world.gateway);
  return { held: hold(world.gateway, REFRESH), mark: world.ledger.mark(), sent: 1 };
}

async function isUnderWay(world) {
  return { held: hold(world.gateway, "/api/echo"), mark: world.ledger.mark(), sent: 1 };
}

async function abortedNatively(world, tab) {
  const slow = hold(world.gateway, "/api/echo");
  await tab.run(() => begin("text"));
  await slow.arrived;
  const native = await tab.run(abort);
  slow.release();
  return native;
}

/** Engines do not agree on the address of an answer that has not come. */
function withoutPath(result) {
  return { ...without(result), path: undefined };
}

/* In the page. */

async function abort() {
  request.abort();
  const atOnce = told.at(-1);
  const result = await played();
  return { ...result, atOnce, readyState: request.readyState };
}

async function askEverywhere(abroad) {
  const ask = (url, headers = {}) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
      request.onload = () => resolve(request.status);
      request.send();
    });
  const both = async (url, headers) => [await outcome(fetch(url, { headers })), await ask(url, headers)];
  const were = /** @type {const} */ ([window.fetch, window.XMLHttpRequest]);
  const undo = tokens.intercept(window);
  const statuses = { ours: await both("/api/me"), abroad: await both(`${abroad}/visit`) };
  statuses.own = await both("/api/me", { authorization: "Basic bWU6eW91" });
  await both("/auth/refresh?not-really");
  undo();
  undo();
  const isRestored = [window.fetch === were[0], window.XMLHttpRequest === were[1]];
  statuses.afterwards = await both("/api/me");
  return { statuses, isRestored };
}

/** As monitoring tools do it: a function that makes real requests, which it listens to, in the place of the class. */
async function askByFunction() {
  const Native = window.XMLHttpRequest;
  function listening() {
    const request = new Native();
    request.addEventListener("readystatechange", () => {});
    return request;
  }
  listening.prototype = Native.prototype;
  Object.assign(window, { XMLHttpRequest: listening });
  tokens.intercept(window);
  const request = new XMLHttpRequest();
  let loads = 0;
  request.onload = () => loads++;
  await new Promise((resolve) => {
    request.open("GET", "/api/me");
    request.onloadend = resolve;
    request.send();
  });
  return { status: request.status, loads, isReal: request instanceof Native };
}

async function askAtOnce() {
  const undo = tokens.intercept(window);
  const request = new XMLHttpRequest();
  request.open("GET", "/api/me", false);
  request.send();
  const synchronous = [request.status, request.readyState];
  const withUser = await new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", "/api/me", true, "me", "you");
    request.onload = () => resolve(request.status);
    request.send();
  });
  undo();
  return { synchronous, withUser };
}

async function startWithFunction() {
  await start({ rejected: async (response) => (await response.json()).stale });
}

async function startWithLateFetch() {
  await start({ fetch: (input, init) => window.fetch(new Request(input, init)) });
}

async function comeBetween() {
  const were = /** @type {const} */ ([window.fetch, window.XMLHttpRequest]);
  const undo = tokens.intercept(window);
  const ours = window.fetch;
  const theirs = (window.fetch = (...args) => ours(...args));
  const Theirs = (window.XMLHttpRequest = class extends window.XMLHttpRequest {});
  const statuses = [await outcome(fetch("/api/echo")), await play("text").then(({ status }) => status)];
  undo();
  const isTheirs = [window.fetch === theirs, window.XMLHttpRequest === Theirs];
  statuses.push(await outcome(fetch("/api/echo")), await play("text").then(({ status }) => status));
  [window.fetch, window.XMLHttpRequest] = were;
  tokens.intercept(window);
  tokens.dispose();
  const isRestored = [window.fetch === were[0], window.XMLHttpRequest === were[1]];
  let refused;
  try {
    tokens.intercept(window);
  } catch ({ code }) {
    refused = code;
  }
  return { isTheirs, isRestored, statuses, refused };
}

async function interceptInStrictFrame() {
  const frame = document.createElement("iframe");
  frame.src = "/e2e/strict";
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
  const strict = frame.contentWindow;
  const manager = await strict.manager;
  await manager.ready;
  manager.intercept(strict);
  const request = new strict.XMLHttpRequest();
  const over = new Promise((resolve) => (request.onload = resolve));
  request.open("GET", `${location.origin}/api/me`);
  request.send();
  const { status } = await strict.fetch(`${location.origin}/api/me`);
  await over;
  return { statuses: [status, request.status], violations: [...strict.violations] };
}
