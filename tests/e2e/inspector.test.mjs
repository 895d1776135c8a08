/** `<tokenhold-inspector>`, in a frame that may do nothing but run its own scripts and ask its own server. */
import assert from "node:assert/strict";
import { expiry, halfLife } from "./support/ages.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { hold, refuseTokens, script, text } from "./support/rules.mjs";
import { anyEngine } from "./support/suite.mjs";
import { inAll } from "./support/tab.mjs";

anyEngine("the inspector", (check) => {
  check("it shows each status and the token's life, under a policy that forbids all else", {}, async (world) => {
    const tab = await world.bareTab();
    const held = hold(world.gateway, REFRESH);
    await inspect(tab, { isReady: false });
    await held.arrived;
    assert.match(
      (await sees(tab, ({ status }) => status === "Restoring")).situation,
      /first silent refresh is under way/,
    );
    held.release();
    assert.equal((await sees(tab, ({ status }) => status === "Signed out")).left, "No token");
    await tab.signIn("alice");
    const { left } = await sees(
      tab,
      ({ status, lines }) => status === "Signed in" && mentions(lines, "signed in · token"),
    );
    assert.match(left, /^(4:5\d|5:00) left of 5:00$/);
    await tab.run(() => tokens.logout());
    await sees(tab, ({ status, lines }) => status === "Signed out" && mentions(lines, "signed out"));
    assert.equal(
      await tab.run(() => getComputedStyle(frames[0].inspector.shadowRoot.querySelector(".panel")).borderTopLeftRadius),
      "16px",
    );
    assert.deepEqual(await tab.run(() => frames[0].violations), []);
  });

  check("it folds to one line by the keyboard, and tells assistive technology", {}, async (world) => {
    const tab = await world.bareTab();
    await inspect(tab);
    const [before, after, again] = await tab.run(fold);
    assert.deepEqual(before, { expanded: "true", isFolded: false, isBodyShown: true, focused: "toggle" });
    assert.deepEqual(after, { expanded: "false", isFolded: true, isBodyShown: false, focused: "toggle" });
    assert.deepEqual(again, before);
  });

  check(
    "a note is in the timeline of all tabs, also one that was made before the element was there",
    {},
    async (world) => {
      const tabs = [await world.bareTab(), await world.bareTab()];
      await inspect(tabs[1]);
      await tabs[0].run(openFrame, "/e2e/inspected");
      await tabs[0].run(async () => {
        await frames[0].createTokens();
        await frames[0].appendInspector({ note: "beforehand" });
        frames[0].inspector.note("afterwards");
      });
      await inAll(tabs, (tab) =>
        sees(tab, ({ lines }) => mentions(lines, "beforehand") && mentions(lines, "afterwards")),
      );
    },
  );

  check("a refresh of one tab is in the timeline of the other, and who was handed the token", {}, async (world) => {
    const tabs = [await world.bareTab(), await world.bareTab()];
    await inAll(tabs, (tab) => inspect(tab));
    await inAll(tabs, (tab) =>
      sees(tab, ({ lines }) => mentions(lines, "Ash opened") && mentions(lines, "Birch opened")),
    );
    const names = await inAll(tabs, (tab) => tab.run(() => frames[0].shown().tab));
    assert.deepEqual([...names].sort(), ["Ash", "Birch"]);
    await tabs[0].signIn("alice");
    await inAll(tabs, (tab) =>
      sees(tab, ({ lines }, name) => mentions(lines, `${name} was handed the token by a peer`), names[1]),
    );
    await tabs[1].run(() => tokens.refresh());
    const seen = await inAll(tabs, (tab) =>
      sees(
        tab,
        ({ lines }, [one, other]) =>
          mentions(lines, `${other} refreshed the token`) && mentions(lines, `${one} was handed the token by a peer`),
        names,
      ),
    );
    const refreshes = world.ledger.to(REFRESH).length;
    assert.deepEqual(
      seen.map(({ everywhere }) => everywhere.refreshes),
      [String(refreshes), String(refreshes)],
    );
  });

  check("it counts the calls that were held, and says how many wait", { accessTtl: "3s" }, async (world) => {
    const tab = await world.bareTab();
    await inspect(tab);
    await tab.signIn("alice");
    await world.hideAll();
    await expiry([tab]);
    const held = hold(world.gateway, REFRESH);
    const calls = tab.burst(3);
    await held.arrived;
    await sees(tab, ({ situation }) => situation.includes("3 calls wait for a token."));
    held.release();
    await calls;
    const { here } = await sees(
      tab,
      ({ here, situation, lines }) =>
        here.held === "3 here" &&
        situation === "" &&
        lines.some((line) => /GET \/api\/me · .*held for .+, .*200 in /.test(line)),
    );
    assert.equal(here.calls, "3 here");
    assert.equal(here.replayed, "0 here");
  });

  check("it counts the calls that were replayed, and after what", { accessTtl: "6s" }, async (world) => {
    const tab = await world.bareTab();
    await inspect(tab);
    await tab.signIn("alice");
    await world.hideAll();
    await halfLife([tab]);
    refuseTokens(world.gateway);
    await tab.burst(4);
    const { here } = await sees(
      tab,
      ({ here, lines }) =>
        here.replayed === "4 here" &&
        lines.some((line) => /GET \/api\/me · .*replayed after a 401, .*200 in /.test(line)),
    );
    assert.equal(here.calls, "4 here");
  });

  check("it sees intercepted requests, by fetch and by XMLHttpRequest", { accessTtl: "6s" }, async (world) => {
    const tab = await world.bareTab();
    await tab.run(openFrame, "/e2e/inspected");
    await tab.run(async () => {
      await frames[0].createTokens();
      window.tokens = frames[0].tokens;
      tokens.intercept(frames[0]);
      await frames[0].addInspector();
    });
    await tab.ready();
    await tab.signIn("alice");
    await world.hideAll();
    await halfLife([tab]);
    refuseTokens(world.gateway);
    assert.deepEqual(await tab.run(interceptedCalls), [200, 200]);
    const { here } = await sees(tab, ({ here, lines }) => here.replayed === "2 here" && mentions(lines, "200 in "));
    assert.equal(here.calls, "2 here");
  });

  check(
    "a backend that fails: which attempt it was, and how long until the next",
    { accessTtl: "4s" },
    async (world) => {
      const tab = await world.bareTab();
      await inspect(tab);
      await tab.signIn("alice");
      const recover = script(world.gateway, REFRESH, text(503, "busy", "text/plain", { "retry-after": "3" }));
      tab.run(() => tokens.refresh().catch(() => {}));
      const { situation } = await sees(
        tab,
        ({ situation, lines }) =>
          /^The refresh endpoint answered 503, attempt 1\..* Next attempt in [\d.]+ s\.$/.test(situation) &&
          lines.some((line) => /could not refresh · 503 in .+, attempt 1, next in /.test(line)),
      );
      const seconds = Number(/Next attempt in ([\d.]+) s\./.exec(situation)[1]);
      assert.ok(seconds > 0 && seconds <= 3.6, situation);
      await sees(tab, (now, limit) => Number(/Next attempt in ([\d.]+) s\./.exec(now.situation)?.[1]) < limit, seconds);
      await sees(tab, (now) => now.situation.includes("answered 503, attempt 2."));
      recover();
      await sees(tab, ({ situation, status }) => situation === "" && status === "Signed in");
    },
  );

  check("without `watched` it shows calls and tokens, and admits what it cannot see", {}, async (world) => {
    const tab = await world.bareTab();
    await inspect(tab, { isWatched: false });
    await tab.signIn("alice");
    await tab.run(() => tokens.refresh());
    await tab.burst(2);
    const { here, everywhere } = await sees(
      tab,
      ({ lines, here }) =>
        mentions(lines, "signed in · token") &&
        mentions(lines, "has a new token") &&
        lines.some((line) => /GET \/api\/me · .*200 in /.test(line)) &&
        here.calls === "2 here",
    );
    assert.deepEqual(here, {
      refreshes: "not watched",
      handed: "not watched",
      calls: "2 here",
      held: "not watched",
      replayed: "not watched",
    });
    assert.equal(everywhere.refreshes, "–");
  });

  check("keep-serving: what the app is given is what it would be given without it", {}, async (world) => {
    const tab = await world.bareTab();
    await inspect(tab);
    await tab.signIn("alice");
    const [without, within] = [await tab.run(strangeCalls, true), await tab.run(strangeCalls, false)];
    assert.deepEqual(within, without);
    assert.deepEqual(within, ["200 Response", "my reason", "TypeError", "404", "TypeError", "TypeError"]);
    const { lines } = await sees(tab, ({ here }) => here.calls === "6 here");
    assert.ok(mentions(lines, "GET /api/me · "), lines.join("\n"));
  });

  check(
    "removing it leaves nothing: no timer, listener, frame, channel, and the manager as it was",
    {},
    async (world) => {
      const tab = await world.bareTab();
      await tab.run(openFrame, "/e2e/inspected");
      await tab.run(() => frames[0].createTokens().then(() => (window.tokens = frames[0].tokens).ready));
      await tab.signIn("alice");
      await tab.run(() => tokens.refresh());
      const [before, during, after] = await tab.run(comeAndGo);
      for (const what of ["timers", "frames", "listeners", "channels"])
        assert.ok(during[what] > before[what], `the census counts ${what}`);
      assert.ok(during.isFetchLaid && during.isSignInLaid);
      assert.deepEqual(after, before);
    },
  );

  check(
    "confinement: no token, header, body, query, long part of a path or name of a person is in it, or told to other tabs",
    {},
    async (world) => {
      const tabs = [await world.bareTab(), await world.bareTab()];
      await inAll(tabs, (tab) => tab.run(listenIn));
      await inAll(tabs, (tab) => inspect(tab));
      await tabs[0].signIn("alice");
      await inAll(tabs, (tab) => tab.reaches("signed-in"));
      await tabs[0].run(() => tokens.refresh());
      await tabs[1].run(callWithSecrets);
      await inAll(tabs, (tab) =>
        sees(tab, ({ lines }) => mentions(lines, "POST /api/notes/…") && mentions(lines, "GET /api/me")),
      );
      const tokens = world.ledger.issued.flatMap((token) => [token, token.split(".")[2]]);
      const secrets = [
        ...tokens,
        "alice",
        "Alice",
        "secret-in-header",
        "secret-in-body",
        "in-query",
        "secret-in-path-0123456789",
      ];
      assert.ok(tokens.length >= 4);
      assert.deepEqual(await inAll(tabs, (tab) => tab.run(findings, secrets)), [[], []]);
      assert.ok(
        (await inAll(tabs, (tab) => tab.run(() => overheard.length))).every((count) => count > 0),
        "the inspectors have spoken",
      );
      await tabs[0].run((secret) => frames[0].inspector.note(`planted ${secret}`), "secret-in-body");
      await inAll(tabs, (tab) => sees(tab, ({ lines }) => mentions(lines, "planted")));
      assert.deepEqual(
        await tabs[1].run(findings, secrets),
        ["overheard secret-in-body", "shown secret-in-body"],
        "the search finds what is there",
      );
    },
  );
});

/**
 * Opens a frame with a manager, and an inspector beside it.
 *
 * @param {import("./support/tab.mjs").Tab} tab
 * @param {{ isReady?: boolean, isWatched?: boolean } & Partial<import("tokenhold").TokenManagerOptions>} [settings]
 */
async function inspect(tab, { isReady = true, ...options } = {}) {
  await tab.run(openFrame, "/e2e/inspected");
  await tab.run(async (given) => {
    await frames[0].createTokens(given);
    window.tokens = frames[0].tokens;
    await frames[0].addInspector();
  }, options);
  if (isReady) await tab.ready();
}

/**
 * Returns the shown text once `is(shown, argument)` holds. `is` runs in the page, where it can call only {@link
 * mentions} from here.
 */
async function sees(tab, is, argument) {
  try {
    return await tab.run(
      `(given) => { ${mentions}; const is = ${is}; return frames[0].see((now) => is(now, given)); }`,
      argument,
    );
  } catch (error) {
    throw new Error(`not seen: ${is} of ${argument}, but ${JSON.stringify(await tab.run(() => frames[0].shown()))}`, {
      cause: error,
    });
  }
}

function mentions(lines, words) {
  return lines.some((line) => line.includes(words));
}

/** In the page. */
async function openFrame(url) {
  const frame = document.createElement("iframe");
  frame.width = "500";
  frame.height = "500";
  frame.src = url;
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
}

function fold() {
  const { inspector } = frames[0];
  const root = inspector.shadowRoot;
  const toggle = root.querySelector("button");
  const state = () => ({
    expanded: toggle.getAttribute("aria-expanded"),
    isFolded: inspector.collapsed,
    isBodyShown: root.querySelector(`#${toggle.getAttribute("aria-controls")}`).checkVisibility(),
    focused: root.activeElement?.className,
  });
  toggle.focus();
  const states = [state()];
  for (let times = 0; times < 2; times++) {
    toggle.click();
    states.push(state());
  }
  return states;
}

/** Both are refused once, at the same time. */
function interceptedCalls() {
  const request = new frames[0].XMLHttpRequest();
  const xhr = new Promise((resolve) => (request.onloadend = () => resolve(request.status)));
  request.open("GET", `${location.origin}/api/me?by=xhr`);
  request.send();
  return Promise.all([frames[0].fetch("/api/me").then(({ status }) => status), xhr]);
}

/** How calls end that are not as calls should be, by what stands for it; `isBare`: without the inspector. */
async function strangeCalls(isBare) {
  if (isBare) frames[0].removeInspector();
  else await frames[0].addInspector();
  const controller = new AbortController();
  const end = (call) => call.catch((error) => (typeof error === "string" ? error : error.name));
  const aborted = end(tokens.fetch("/api/me", { signal: controller.signal }));
  controller.abort("my reason");
  return [
    await end(tokens.fetch(new Request("/api/me")).then((answer) => `${answer.status} ${answer.constructor.name}`)),
    await aborted,
    await end(tokens.fetch("http://[")),
    await end(tokens.fetch(null).then(({ status }) => String(status))),
    await end(tokens.fetch("/api/me", { method: "a b" })),
    await end(tokens.fetch(/** @type {any} */ (Symbol("no address")))),
  ];
}

/** The state before an inspector comes, while it is there, and after it has gone. */
async function comeAndGo() {
  const frame = frames[0];
  const { fetch, signIn } = tokens;
  const look = () => ({
    ...frame.census(),
    inspectors: frame.document.querySelectorAll("tokenhold-inspector").length,
    isFetchLaid: tokens.fetch !== fetch,
    isSignInLaid: tokens.signIn !== signIn,
    own: Object.getOwnPropertyNames(tokens),
  });
  // The lock of the refresh has been given back, but not every browser has said so yet: the presence's alone is to
  // stay.
  while (frame.census().locks > 1) await new Promise((next) => setTimeout(next));
  const states = [look()];
  await frame.addInspector();
  await tokens.fetch("/api/me");
  await frame.see(
    ({ lines, here }) => here.calls === "1 here" && lines.some((line) => line.includes("GET /api/me · 200")),
  );
  states.push(look());
  frame.removeInspector();
  states.push(look());
  return states;
}

/** On the channel of the inspectors, as any script could. */
function listenIn() {
  window.overheard = [];
  new BroadcastChannel("tokenhold-inspector:default").onmessage = ({ data }) => overheard.push(JSON.stringify(data));
}

async function callWithSecrets() {
  const init = {
    method: "POST",
    headers: { "x-secret": "secret-in-header", "content-type": "application/json" },
    body: '{"text":"secret-in-body"}',
  };
  const answer = await tokens.fetch("/api/notes/secret-in-path-0123456789", init);
  await answer.text();
  await tokens.fetch("/api/me?in-query");
}

/** Where any of `secrets` is. */
async function findings(secrets) {
  const frame = frames[0];
  const storages = [localStorage, sessionStorage, frame.localStorage, frame.sessionStorage];
  const databases = (await indexedDB.databases()).map(({ name }) => name);
  const places = {
    overheard: overheard.join(),
    shown: `${frame.inspector.outerHTML} ${frame.inspector.shadowRoot.innerHTML}`,
    stored: JSON.stringify([...storages.map((storage) => ({ ...storage })), databases, document.cookie]),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${place} ${secret}`),
  );
}
