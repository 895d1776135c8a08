/** Code of the pages that is run, beyond being compiled: the whole page in docs/start.md, and what people's safety hangs on. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, before, describe, test } from "node:test";
import { transform } from "esbuild";
import { By, until } from "selenium-webdriver";
import { can, engines } from "../e2e/support/engines.mjs";
import { Gateway } from "../e2e/support/gateway.mjs";
import { REFRESH } from "../e2e/support/ledger.mjs";
import { giveBrowser, quitBrowsers, takeBrowser } from "../e2e/support/pool.mjs";
import { Client } from "./support/client.mjs";
import { endpoints, streaming } from "./support/endpoints.mjs";
import { blocksOf, read } from "./support/markdown.mjs";
import { require } from "./support/workshop.mjs";

const WITHIN_MS = 60_000;

describe("the page in docs/start.md, before the backend in docs/express.md", { concurrency: engines.length }, () => {
  after(quitBrowsers);
  for (const engine of engines) {
    describe(engine, { concurrency: 1 }, () => {
      let browser;
      before(async () => (browser = await takeBrowser(engine)), { timeout: 1_800_000 });
      after(() => browser && giveBrowser(browser));
      test(`signs in and out, in two tabs [${engine}]`, { timeout: 1_800_000 }, () => twoTabs(browser));
    });
  }
});

async function twoTabs(browser) {
  const gateway = await Gateway.open({ tls: !can(browser.engine, "secureCookiesOverHttp") });
  let backend;
  try {
    backend = await endpoints.Express({ origin: gateway.origin });
    gateway.backend = backend.url;
    const body = block("docs/start.md", "html");
    gateway.rule("/start", () => ({ status: 200, headers: { "content-type": "text/html" }, body }));
    await browser.clear(gateway.origin);
    const [first, second] = [await open(browser, gateway), await open(browser, gateway)];

    await first.type("username", "alice");
    await first.type("password", "wrong");
    await first.press("form button");
    await first.shows("form p", "That name and password do not go together.");
    await first.type("password", "correct horse");
    await first.press("form button");
    await first.shows("output", "You are alice.");
    await second.shows("output", "You are alice.");
    assert.deepEqual(
      gateway.ledger.to("/auth/login").map(({ status }) => status),
      [401, 200],
    );

    const mark = gateway.ledger.mark();
    await second.close();
    await first.reload();
    await first.shows("output", "You are alice.");
    assert.equal(gateway.ledger.to(REFRESH, mark).length, 1);

    const third = await open(browser, gateway);
    await third.shows("output", "You are alice.");
    await first.press("section button");
    await first.shows("form button", "Sign in");
    await third.shows("form button", "Sign in");
  } catch (error) {
    browser.distrust();
    throw error;
  } finally {
    await backend?.stop();
    await gateway.close();
  }
}

/** A tab with the page, and what a person does there. */
async function open(browser, gateway) {
  const handle = await browser.open(`${gateway.origin}/start`);
  const within = (action) => browser.within(handle, action);
  const visible = async (driver, selector) => {
    const element = await driver.wait(until.elementLocated(By.css(selector)), WITHIN_MS);
    return driver.wait(until.elementIsVisible(element), WITHIN_MS, `${selector} is not shown`);
  };
  return {
    type: (name, text) =>
      within(async (driver) => {
        const field = await visible(driver, `[name=${name}]`);
        await field.clear();
        await field.sendKeys(text);
      }),
    press: (selector) => within(async (driver) => (await visible(driver, selector)).click()),
    shows: (selector, text) =>
      within(async (driver) => driver.wait(until.elementTextIs(await visible(driver, selector), text), WITHIN_MS)),
    reload: () => within((driver) => driver.navigate().refresh()),
    close: () => browser.close(handle),
  };
}

describe("the recipes for streams, before the backend in docs/express.md", () => {
  const origin = "https://app.example.com";
  const timeout = WITHIN_MS;
  let backend;
  let client;
  before(async () => {
    backend = await streaming.Express({ origin, beat: 1 });
    client = new Client(backend.url, origin);
  });
  after(() => backend?.stop());

  /** Signs somebody in, and puts what the recipes take from a page where they find it. */
  const page = async () => {
    const { cookie, json } = await client.login();
    const session = new AbortController();
    const sockets = [];
    const heard = new EventEmitter();
    const { host } = new URL(backend.url);
    Object.assign(globalThis, {
      tokens: {
        signal: session.signal,
        fetch: (path, init) =>
          fetch(new URL(path, backend.url), {
            ...init,
            headers: { ...init.headers, authorization: `Bearer ${json.access_token}` },
          }),
      },
      location: { protocol: "http:", host },
      WebSocket: class extends require("ws").WebSocket {
        constructor(url) {
          super(url, { origin });
          sockets.push(this);
        }
      },
    });
    return { cookie, session, sockets, heard, receive: (data) => heard.emit("data", JSON.parse(data)) };
  };

  test("a WebSocket that is lost is opened again with another ticket, until the session ends", {
    timeout,
  }, async () => {
    const { listen } = await run(block("docs/recipes.md", "ts", "src/live.ts"));
    const { session, sockets, heard, receive } = await page();
    const listening = listen(receive);
    assert.deepEqual(await once(heard, "data"), [{ sub: "alice" }]);
    sockets[0].terminate();
    assert.deepEqual(await once(heard, "data"), [{ sub: "alice" }]);
    const [first, second] = sockets.map(({ url }) => new URL(url).searchParams.get("ticket"));
    assert.notEqual(first, second);
    session.abort();
    await listening;
    assert.equal(sockets.length, 2);
    assert.equal(sockets[1].readyState, sockets[1].CLOSED);
  });

  test("an event stream ends when the session does, here or at the server", { timeout }, async () => {
    const { events } = await run(block("docs/recipes.md", "ts", "src/events.ts"));
    const here = await page();
    const reading = events(here.receive);
    assert.deepEqual(await once(here.heard, "data"), [{ sub: "alice" }]);
    here.session.abort();
    await assert.rejects(reading, { name: "AbortError" });

    const there = await page();
    const ending = events(there.receive);
    assert.deepEqual(await once(there.heard, "data"), [{ sub: "alice" }]);
    await client.logout(there.cookie);
    await ending;
  });
});

test("the recipe for returning leads nowhere else, whatever the link says", async () => {
  const { placeToReturnTo } = await run(block("docs/recipes.md", "ts", "src/return.ts"));
  const here = "https://app.example.com/signed-in";
  const from = (back) => placeToReturnTo(new URL(`${here}?${new URLSearchParams({ back })}`));
  assert.equal(from("/notes?page=2#last"), "https://app.example.com/notes?page=2#last");
  assert.equal(from("https://app.example.com/notes"), "https://app.example.com/notes");
  assert.equal(placeToReturnTo(new URL(here)), "https://app.example.com/");
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/.//evil.example",
    "/\t/evil.example",
    "https://app.example.com.evil.example/",
    "https://app.example.com@evil.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "//",
    "https://",
  ];
  for (const back of elsewhere) assert.equal(new URL(from(back), here).origin, "https://app.example.com", back);
});

test("the recipe for a sign-in that failed blames the password for a 401 only", async (context) => {
  const { problemOf } = await run(block("docs/recipes.md", "ts", "src/problem.ts"));
  const logged = context.mock.method(console, "error", () => {});
  const failed = (status) => problemOf(Object.assign(new Error("failed"), { status }));
  assert.match(failed(401), /password/);
  assert.match(failed(429), /wait/i);
  assert.equal(logged.mock.callCount(), 0, "neither is a fault of the app");
  const others = [failed(403), failed(503), problemOf(new TypeError("Failed to fetch"))];
  for (const problem of others) assert.doesNotMatch(problem, /password/);
  assert.equal(new Set(others).size, 3, "each is said by itself");
  assert.equal(failed(500), failed(503));
  assert.equal(problemOf(undefined), failed(undefined));
  assert.ok(logged.mock.callCount() >= 3, "the developer can see it");
});

/** The first block of a page in `language`, or the one whose first line names `file`. */
function block(page, language, file) {
  const blocks = blocksOf(page, read(page)).filter((each) => each.language === language);
  return blocks.find(({ code }) => !file || code.startsWith(`// ${file}\n`)).code;
}

async function run(typescript) {
  const { code } = await transform(typescript, { loader: "ts" });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}
