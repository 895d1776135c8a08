import assert from "node:assert/strict";
import { expiry, halfLife } from "./support/ages.mjs";
import { LOGOUT, REFRESH, bearer } from "./support/ledger.mjs";
import { json, refuseTokens, script, text } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll } from "./support/tab.mjs";

everyEngine("where the token goes", (check) => {
  check("confinement: the token is in no storage, cookie, URL, console line, error, event, message or property", { accessTtl: "6s" }, async (world) => {
    const tabs = await world.hiddenTabs(2);
    await inAll(tabs, (tab) => tab.run(eavesdrop));
    await tabs[0].signIn("alice");
    await inAll(tabs, (tab) => tab.reaches("signed-in"));
    tabs.push(await world.tab());
    await tabs[2].run(eavesdrop);
    await world.hideAll();
    await aWholeLife(world, tabs);
    const secrets = secretsOf(world);
    assert.ok(secrets.length >= 6, "several tokens have come and gone");
    assert.deepEqual(await inAll(tabs, (tab) => tab.run(findings, secrets)), [[], [], []]);
    const overheard = await inAll(tabs, (tab) => tab.run(() => witness.seen.messages.length + window.overheard.length));
    assert.ok(Math.min(...overheard) > 0, "the tabs have spoken with each other");
    const lines = (await world.browser.consoleLines()).join("\n");
    assert.deepEqual(secrets.filter((secret) => lines.includes(secret)), [], "in the browser's console log");
    assertOnlyInApiHeaders(world, secrets);
  });

  check("confinement: the search finds what is planted, in every place", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const planted = "planted-secret-0123456789";
    const found = await tab.run(plantEverywhere, planted);
    const places = "address caches console cookie events extra globals history html indexedDB loads localStorage messages mishaps sessionStorage windowName";
    assert.deepEqual(found.sort(), places.split(" "));
    await tab.run(() => (window.mishaps.length = 0));
  });

  check("confinement: a failing refresh whose answer repeats the token reveals it in no error and no event", { accessTtl: "4s" }, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const token = world.ledger.issued.at(-1);
    const answers = [
      text(500, `no: ${token}`, "text/plain", { "x-token": token }),
      text(200, `{"access_token": ["${token}"]}`, "application/json"),
      text(200, `{"access_token": "${token}\\n"}`, "application/json"),
      json(200, { access_token: `${token}→`, expires_in: token }),
    ];
    for (const answer of answers) {
      const recover = script(world.gateway, REFRESH, answer);
      assert.deepEqual(await tab.run(failToRefresh, [token, token.split(".")[2]]), [], answer.body);
      recover();
    }
  });

  check("confinement: auth URLs never get the token, not even through tokens.fetch", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const outcomes = await tab.run(async () => [
      await outcome(tokens.fetch("/auth/logout?not-really", { method: "GET" })),
      await outcome(tokens.fetch("/auth/refresh", { method: "POST" })),
      await outcome(tokens.fetch(new URL("/auth/refresh#fragment", location.href), { method: "POST" })),
      await outcome(tokens.fetch(new Request("/auth/logout", { method: "POST" }))),
    ]);
    assert.equal(outcomes.length, 4);
    const leaked = [...world.ledger.to(REFRESH), ...world.ledger.to(LOGOUT)].filter(({ url, headers }) => !url.includes("?") && headers.authorization);
    assert.deepEqual(leaked, []);
    assert.equal(world.ledger.to(REFRESH).filter(({ headers }) => !headers["x-requested-with"]).length, 2, "sent as they are, once each");
  });

  check("confinement: an Authorization header of the caller wins, and switches the manager off", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const mark = world.ledger.mark();
    const status = await tab.run(() => outcome(tokens.fetch("/api/me", { headers: { Authorization: "Basic bWU6eW91" } })));
    assert.equal(status, 401);
    assert.deepEqual(world.ledger.to("/api/me", mark).map(({ headers }) => headers.authorization), ["Basic bWU6eW91"]);
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
  });

  check("confinement: a foreign origin gets nothing, directly, by a redirect, or by a lying URL", {}, async (world) => {
    const foreign = await world.foreign();
    const [tab] = await world.signedInTabs(1);
    const evil = foreign.origin();
    script(world.gateway, "/api/away", ({ url }) => ({ status: 307, headers: { location: `${evil}${new URL(url, evil).searchParams.get("to")}` } }));
    const outcomes = await tab.run(goAstray, evil);
    assert.ok(outcomes.includes(200) && outcomes.includes(401), JSON.stringify(outcomes));
    assert.ok(foreign.requests.length >= outcomes.length / 2, `${foreign.requests.length} requests have arrived`);
    assert.deepEqual(foreign.authorizations(), []);
    assert.ok(!JSON.stringify(foreign.requests).includes(world.ledger.issued.at(-1)));
    assert.equal(foreign.requests.filter(({ url }) => url.startsWith("/refuses")).length <= 4, true, "no replays abroad");
  });

  check("confinement: attachTo is exact: the allowed origin gets the token, a look-alike does not", {}, async (world) => {
    const foreign = await world.foreign();
    const api = foreign.origin("api.localhost");
    const tab = await world.tab({ attachTo: [api] });
    await tab.signIn("alice");
    const evil = ["api.localhost.evil.localhost", "evil.localhost", "xapi.localhost", "localhost"];
    await tab.run(visitAll, [api, ...evil.map((host) => foreign.origin(host))]);
    const token = `Bearer ${world.ledger.issued.at(-1)}`;
    assert.deepEqual(foreign.authorizations(), [token]);
    assert.deepEqual(foreign.requests.filter(({ headers }) => headers.authorization).map(({ headers }) => `http://${headers.host}`), [api]);
    assert.equal(foreign.requests.length, 5);
    const mark = world.ledger.mark();
    assert.deepEqual(await tab.burst(1), { 401: 1 }, "the page's own origin is not in attachTo");
    assert.equal(world.ledger.to("/api/me", mark)[0].headers.authorization, undefined);
  });

  check("confinement: https://api.example.com.evil.example and its kin are not https://api.example.com", {}, async (world) => {
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
  });
});

/** Everything that makes tabs talk and the manager complain: hand-over, storm, failing refresh, expiry, logout. */
async function aWholeLife(world, tabs) {
  await halfLife(tabs);
  const accept = refuseTokens(world.gateway);
  await inAll(tabs, (tab) => tab.burst(5));
  accept();
  const recover = script(world.gateway, REFRESH, text(503, "busy"));
  await inAll(tabs, (tab) => tab.run(() => tokens.refresh().catch((error) => (window.caught = error)).then(() => {})));
  recover();
  await expiry(tabs);
  await inAll(tabs, (tab) => tab.run(() => serveAgain()));
  await tabs[1].signIn("bob");
  await inAll(tabs, (tab) => tab.run(() => outcome(tokens.fetch("/api/notes"))));
}

/** What must be found nowhere: every token, and its signature. */
function secretsOf(world) {
  return world.ledger.issued.flatMap((token) => [token, token.split(".")[2]]);
}

function assertOnlyInApiHeaders(world, secrets) {
  for (const { path, url, headers, body } of world.ledger.since()) {
    const { authorization, ...others } = headers;
    const rest = `${url} ${JSON.stringify(others)} ${body}`;
    assert.ok(!secrets.some((secret) => rest.includes(secret)), `a token in a request to ${path}`);
    if (!path.startsWith("/api/")) assert.equal(bearer(headers), undefined, path);
  }
}

/** In the page: listens on the channels of the module, as any script could. */
function eavesdrop() {
  window.overheard = [];
  for (const name of ["tokenhold:default", "tokenhold", "default"]) {
    new BroadcastChannel(name).onmessage = ({ data }) => overheard.push(data);
  }
}

function findings(secrets) {
  return witness.findings(secrets, {
    overheard: window.overheard,
    caught: window.caught,
    manager: [tokens, Object.getPrototypeOf(tokens), tokens.snapshot(), tokens.claims],
  });
}

async function failToRefresh(secrets) {
  const caught = await tokens.refresh().then(
    () => "resolved",
    (error) => error,
  );
  const silent = await witness.findings(secrets, { caught });
  return caught === "resolved" ? ["adopted it"] : silent;
}

async function plantEverywhere(secret) {
  localStorage.setItem("a", secret);
  sessionStorage.setItem("a", secret);
  document.cookie = `a=${secret}`;
  history.replaceState({ secret }, "");
  history.replaceState(history.state, "", `#${secret}`);
  window.name = secret;
  window.planted = { deep: [new Map([["a", secret]])] };
  document.body.dataset.a = secret;
  console.debug({ secret });
  new BroadcastChannel("any").postMessage({ bytes: new TextEncoder().encode(secret) });
  events.push({ kind: "planted", event: new Error(secret) });
  mishaps.push(secret);
  await (await caches.open("a")).put("/cached", new Response(secret));
  await fetch(`/e2e/nothing?${secret}`);
  await new Promise((resolve) => {
    const opening = indexedDB.open("a");
    opening.onupgradeneeded = () => opening.result.createObjectStore("a").put({ secret }, 1);
    opening.onsuccess = () => resolve(opening.result.close());
  });
  return witness.findings([secret], { extra: new Uint16Array([...secret].map((letter) => letter.charCodeAt(0))) });
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
  const inputs = [`${evil}/plain`, `${evil}/refuses/plain`, new Request(`${evil}/refuses/request`), new URL(`${evil}/url`)];
  inputs.push(`/api/away?to=/redirected`, `/api/away?to=/refuses/redirected`, `//${new URL(evil).host}/scheme-relative`);
  inputs.push(twoFaced(), otherFaced(), lyingUrl, changing, lyingRequest, new Liar(`${evil}/liar`), `${evil}\\@localhost/backslash`);
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
  const recorder = async (...args) => {
    const request = new Request(...args);
    if (request.url.startsWith(location.origin)) return page(...args);
    sent.push([request.url, request.headers.get("authorization")]);
    return new Response("{}");
  };
  await start({ attachTo: [location.origin, "https://api.example.com"], fetch: recorder });
}

async function sendToKin() {
  const kin = ["https://api.example.com/", "https://API.EXAMPLE.COM/upper", "https://api.example.com:443/port"];
  kin.push("https://api.example.com.evil.example/", "https://api.example.com:8443/", "http://api.example.com/");
  kin.push("https://api.example.com./dot", "https://example.com/", "https://xapi.example.com/", "https://api.example.comevil.example/");
  kin.push("https://evil.example/https://api.example.com/");
  for (const url of kin) await tokens.fetch(url);
  return sent;
}
