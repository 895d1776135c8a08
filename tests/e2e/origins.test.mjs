import assert from "node:assert/strict";
import { script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";

const OWN_HEADER = { header: "X-Access-Token", rejected: [499] };

anyEngine("origins that may have the token", (check) => {
  check("confinement: a foreign origin gets nothing, directly, by a redirect, or by a lying URL", {}, async (world) => {
    const foreign = await world.foreign();
    const [tab] = await world.signedInTabs(1);
    const evil = foreign.origin();
    script(world.gateway, "/api/away", ({ url }) => ({
      status: 307,
      headers: { location: `${evil}${new URL(url, evil).searchParams.get("to")}` },
    }));
    const outcomes = await tab.run(goAstray, evil);
    assert.ok(outcomes.includes(200) && outcomes.includes(401), JSON.stringify(outcomes));
    assert.ok(foreign.requests.length >= outcomes.length / 2, `${foreign.requests.length} requests have arrived`);
    assert.deepEqual(foreign.authorizations(), []);
    assert.ok(!JSON.stringify(foreign.requests).includes(world.ledger.issued.at(-1)));
    assert.equal(
      foreign.requests.filter(({ url }) => url.startsWith("/refuses")).length <= 4,
      true,
      "no replays abroad",
    );
  });

  check(
    "confinement: attachTo is exact: the allowed origin gets the token, a look-alike does not",
    {},
    async (world) => {
      const foreign = await world.foreign();
      const api = foreign.origin("api.localhost");
      const tab = await world.tab({ attachTo: [api] });
      await tab.signIn("alice");
      const evil = ["api.localhost.evil.localhost", "evil.localhost", "xapi.localhost", "localhost"];
      await tab.run(visitAll, [api, ...evil.map((host) => foreign.origin(host))]);
      const token = `Bearer ${world.ledger.issued.at(-1)}`;
      assert.deepEqual(foreign.authorizations(), [token]);
      assert.deepEqual(
        foreign.requests.filter(({ headers }) => headers.authorization).map(({ headers }) => headers.host),
        [new URL(api).host],
      );
      assert.equal(foreign.requests.length, 5);
      const mark = world.ledger.mark();
      assert.deepEqual(await tab.burst(1), { 401: 1 }, "the page's own origin is not in attachTo");
      assert.equal(world.ledger.to("/api/me", mark)[0].headers.authorization, undefined);
    },
  );

  check("confinement: in a header of its own, the token follows no redirect to another origin", {}, async (world) => {
    await staysHere(world, await world.tab(OWN_HEADER));
  });

  check("confinement: nor where a tool that has replaced fetch loses its second argument", {}, async (world) => {
    const tab = await world.bareTab();
    await tab.run(startWithForgetful, OWN_HEADER);
    await tab.ready();
    await staysHere(world, tab);
  });

  check(
    "confinement: https://api.example.com.evil.example and its kin are not https://api.example.com",
    {},
    async (world) => {
      const tab = await world.bareTab();
      await tab.run(startWithRecorder);
      await tab.ready();
      await tab.signIn("alice");
      const sent = await tab.run(sendToKin);
      const token = `Bearer ${world.ledger.issued.at(-1)}`;
      for (const [url, authorization] of sent) {
        assert.equal(authorization, /^https:\/\/api\.example\.com\//.test(url) ? token : null, url);
      }
      assert.equal(sent.filter(([, authorization]) => authorization).length, 3);
      assert.equal(sent.length, 11);
    },
  );
});

async function staysHere(world, tab) {
  const foreign = await world.foreign();
  await tab.signIn("alice");
  const headers = { location: `${foreign.origin()}/visit` };
  script(world.gateway, "/api/away", { status: 307, headers, body: "" });
  script(world.gateway, "/api/echo", text(200, "here", "text/plain"));
  const outcomes = await tab.run(async () => [
    await outcome(tokens.fetch("/api/echo", { method: "POST", body: "said" })),
    await outcome(tokens.fetch("/api/away", { method: "POST", body: "said" })),
  ]);
  assert.deepEqual(outcomes, [200, "TypeError"]);
  const [{ headers: sent, body }] = world.ledger.to("/api/echo");
  assert.deepEqual([sent["x-access-token"], String(body)], [`Bearer ${world.ledger.issued.at(-1)}`, "said"]);
  assert.deepEqual(foreign.requests, []);
}

/** In the page: a manager whose `fetch` is that of a tool which passes a `Request` on by itself. */
async function startWithForgetful(options) {
  const page = window.fetch.bind(window);
  await start({ ...options, fetch: (input, init) => (input instanceof Request ? page(input) : page(input, init)) });
}

/** In the page: all the ways to the origin `evil` that are not plain on the face of them. */
async function goAstray(evil) {
  const home = `${location.origin}/api/me`;
  const twoFaced = () => {
    let asked = 0;
    return { toString: () => (asked++ === 0 ? home : `${evil}/two-faced`) };
  };
  const otherFaced = () => {
    let asked = 0;
    return { toString: () => (asked++ === 0 ? `${evil}/other-faced` : home) };
  };
  const lyingUrl = new URL(`${evil}/lying-url`);
  Object.defineProperty(lyingUrl, "href", { get: () => home });
  Object.defineProperty(lyingUrl, "origin", { get: () => location.origin });
  const changing = new URL(home);
  changing.toString = () => `${evil}/changing`;
  const lyingRequest = new Request(`${evil}/lying-request`);
  Object.defineProperty(lyingRequest, "url", { get: () => home });
  class Liar extends Request {
    get url() {
      return home;
    }
    clone() {
      return new Request(`${evil}/clone`, { headers: this.headers });
    }
  }
  const init = {};
  let reads = 0;
  Object.defineProperty(init, "method", { enumerable: true, get: () => (reads++ ? "POST" : "GET") });
  /** @type {any[]} */
  const inputs = [
    `${evil}/plain`,
    `${evil}/refuses/plain`,
    new Request(`${evil}/refuses/request`),
    new URL(`${evil}/url`),
  ];
  inputs.push(
    `/api/away?to=/redirected`,
    `/api/away?to=/refuses/redirected`,
    `//${new URL(evil).host}/scheme-relative`,
  );
  inputs.push(
    twoFaced(),
    otherFaced(),
    lyingUrl,
    changing,
    lyingRequest,
    new Liar(`${evil}/liar`),
    `${evil}\\@localhost/backslash`,
  );
  const outcomes = [];
  for (const input of inputs) outcomes.push(await outcome(tokens.fetch(input)));
  outcomes.push(await outcome(tokens.fetch(`${evil}/init`, init)));
  return outcomes;
}

async function visitAll(origins) {
  for (const origin of origins) await outcome(tokens.fetch(`${origin}/visit`));
}

/** In the page: a manager whose requests to example addresses go nowhere, but are written down. */
async function startWithRecorder() {
  const page = window.fetch.bind(window);
  window.sent = [];
  const recorder = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(location.origin)) return page(input, init);
    sent.push([request.url, request.headers.get("authorization")]);
    return new Response("{}");
  };
  await start({ attachTo: [location.origin, "https://api.example.com"], fetch: recorder });
}

async function sendToKin() {
  const kin = ["https://api.example.com/", "https://API.EXAMPLE.COM/upper", "https://api.example.com:443/port"];
  kin.push("https://api.example.com.evil.example/", "https://api.example.com:8443/", "http://api.example.com/");
  kin.push(
    "https://api.example.com./dot",
    "https://example.com/",
    "https://xapi.example.com/",
    "https://api.example.comevil.example/",
  );
  kin.push("https://evil.example/https://api.example.com/");
  for (const url of kin) await tokens.fetch(url);
  return sent;
}
