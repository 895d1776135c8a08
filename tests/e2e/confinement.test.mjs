import assert from "node:assert/strict";
import { expiry, halfLife } from "./support/ages.mjs";
import { REFRESH, bearer } from "./support/ledger.mjs";
import { json, refuseTokens, script, text } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";
import { inAll } from "./support/tab.mjs";

everyEngine("where the token goes", (check) => {
  check(
    "confinement: the token is in no storage, cookie, URL, console line, error, event, message or property",
    { accessTtl: "6s" },
    async (world) => {
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
      const overheard = await inAll(tabs, (tab) =>
        tab.run(() => witness.seen.messages.length + window.overheard.length),
      );
      assert.ok(Math.min(...overheard) > 0, "the tabs have spoken with each other");
      const handOvers = await tabs[2].run(() => window.overheard.filter(([, kind]) => kind === 4).length);
      assert.ok(handOvers > 0, "a sealed token was overheard");
      const lines = (await world.browser.consoleLines()).join("\n");
      assert.deepEqual(
        secrets.filter((secret) => lines.includes(secret)),
        [],
        "in the browser's console log",
      );
      assertOnlyInApiHeaders(world, secrets);
    },
  );

  check("confinement: the search finds what is planted, in every place", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const planted = "planted-secret-0123456789";
    const found = await tab.run(plantEverywhere, planted);
    const places =
      "address caches console cookie events extra globals history html indexedDB loads localStorage messages mishaps sessionStorage windowName";
    assert.deepEqual(found.sort(), places.split(" "));
    await tab.run(() => (window.mishaps.length = 0));
  });

  check(
    "confinement: a failing refresh whose answer repeats the token reveals it in no error and no event",
    { accessTtl: "4s" },
    async (world) => {
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
    },
  );

  check("confinement: auth URLs never get the token, not even through tokens.fetch", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const outcomes = await tab.run(async () => [
      await outcome(tokens.fetch("/auth/logout?not-really", { method: "GET" })),
      await outcome(tokens.fetch("/auth/refresh", { method: "POST" })),
      await outcome(tokens.fetch(new URL("/auth/refresh#fragment", location.href), { method: "POST" })),
      await outcome(tokens.fetch(new Request("/auth/logout", { method: "POST" }))),
    ]);
    assert.equal(outcomes.length, 4);
    const leaked = world.ledger.to("/auth/*").filter(({ headers }) => headers.authorization);
    assert.deepEqual(
      leaked.map(({ url }) => url),
      [],
    );
    assert.equal(
      world.ledger.to(REFRESH).filter(({ headers }) => !headers["x-requested-with"]).length,
      2,
      "sent as they are, once each",
    );
  });

  check("confinement: an Authorization header of the caller wins, and switches the manager off", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const mark = world.ledger.mark();
    const status = await tab.run(() =>
      outcome(tokens.fetch("/api/me", { headers: { Authorization: "Basic bWU6eW91" } })),
    );
    assert.equal(status, 401);
    assert.deepEqual(
      world.ledger.to("/api/me", mark).map(({ headers }) => headers.authorization),
      ["Basic bWU6eW91"],
    );
    assert.equal(world.ledger.to(REFRESH, mark).length, 0);
  });
});

/** Everything that makes tabs talk and the manager complain: hand-over, storm, failing refresh, expiry, logout. */
async function aWholeLife(world, tabs) {
  await halfLife(tabs);
  const accept = refuseTokens(world.gateway);
  await inAll(tabs, (tab) => tab.burst(5));
  accept();
  const recover = script(world.gateway, REFRESH, text(503, "busy"));
  await inAll(tabs, (tab) =>
    tab.run(() =>
      tokens
        .refresh()
        .catch((error) => (window.caught = error))
        .then(() => {}),
    ),
  );
  recover();
  await expiry(tabs);
  await inAll(tabs, (tab) => tab.run(() => serveAgain()));
  await tabs[1].signIn("bob");
  await inAll(tabs, (tab) => tab.run(() => outcome(tokens.fetch("/api/notes"))));
}

/** The texts that must be nowhere: every token, and its signature. */
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

/** In the page: listens on the channels of the module, as any script could, and on those of the tabs that are there. */
async function eavesdrop() {
  window.overheard = [];
  const group = `tokenhold:${location.origin}/auth/refresh`;
  const { held } = await navigator.locks.query();
  const tabs = held.map(({ name }) => /:tab:([0-9a-f]+)/.exec(name)?.[1]).filter(Boolean);
  const ofTabs = tabs.map((tab) => `${group}:tab:${BigInt(`0x${tab}`)}`);
  for (const name of [group, ...ofTabs, "tokenhold:default", "tokenhold", "default"]) {
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
  // biome-ignore lint/suspicious/noDocumentCookie: one of the places in which a secret must be found, in every engine.
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
