/** The API of each backend in docs/, as SERVER.md has it: pages on another origin, tickets, streams. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client } from "./support/client.mjs";
import { streaming } from "./support/endpoints.mjs";
import { ended, next, openEvents, openSocket } from "./support/streams.mjs";

const ORIGIN = "https://app.example.com";
const strangers = ["https://evil.example", `${ORIGIN}.evil.example`, "http://app.example.com", "null"];
/** So long may anything take that a test waits for. */
const timeout = 60_000;
const compiles = { timeout: 1_800_000 };

for (const [name, start] of Object.entries(streaming)) {
  // Most of the time, a test waits for a beat.
  describe(`${name}: the API`, { concurrency: true }, () => {
    let backend;
    let client;
    before(async () => {
      backend = await start({ origin: ORIGIN, beat: 1 });
      client = new Client(backend.url, ORIGIN);
    }, compiles);
    after(() => backend?.stop());

    const kinds = {
      events: (ticket) => openEvents(`${backend.url}/api/events?ticket=${ticket}`),
      socket: (ticket) => openSocket(`${backend.url}/api/socket?ticket=${ticket}`, ORIGIN),
    };
    const ticketOf = async ({ json }) => (await client.ticket(json.access_token)).json.ticket;
    const preflight = (path, origin, method = "PUT") =>
      client.send("OPTIONS", path, {
        headers: {
          origin,
          "sec-fetch-site": "cross-site",
          "x-requested-with": undefined,
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type",
        },
      });
    /** Requests of a page of `origin`: without a token, with a good one, with a bad one, with a bad ticket. */
    const requests = async (origin) => {
      const { json } = await client.login();
      const sent = [undefined, `Bearer ${json.access_token}`, "Bearer made-up"].map((authorization) =>
        client.send("GET", "/api/me", { headers: { origin, authorization } }),
      );
      const answers = await Promise.all([...sent, client.send("GET", "/api/events?ticket=x", { headers: { origin } })]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [401, 200, 401, 403],
      );
      return answers;
    };

    test("a preflight needs no token", { timeout }, async () => {
      for (const path of ["/api/me", "/api/ticket", "/api/events"]) {
        const { status, headers } = await preflight(path, ORIGIN);
        assert.equal(status, 204);
        assert.equal(headers["access-control-allow-origin"], ORIGIN);
        assert.equal(headers["access-control-allow-methods"], "GET, POST, PUT, PATCH, DELETE");
        assert.equal(headers["access-control-allow-headers"], "authorization, content-type");
        assert.equal(headers["access-control-allow-credentials"], undefined);
        assert.equal(headers["access-control-max-age"], "7200");
        assert.match(headers.vary, /\bOrigin\b/);
      }
    });

    test("the page can read every answer, the 401 and its reason too", { timeout }, async () => {
      for (const { status, headers } of await requests(ORIGIN)) {
        assert.equal(headers["access-control-allow-origin"], ORIGIN, `${status}`);
        assert.equal(headers["access-control-expose-headers"], "WWW-Authenticate, Retry-After");
        assert.match(headers.vary, /\bOrigin\b/);
      }
    });

    test("a page of another origin can read none, and its preflight allows nothing", { timeout }, async () => {
      for (const origin of strangers) {
        for (const { headers } of [await preflight("/api/me", origin), ...(await requests(origin))]) {
          const allowed = Object.keys(headers).filter((header) => header.startsWith("access-control-"));
          assert.deepEqual(allowed, [], origin);
          assert.match(headers.vary, /\bOrigin\b/);
        }
      }
    });

    test("the endpoints with the cookie allow no page on another origin", { timeout }, async () => {
      for (const path of ["/auth/login", "/auth/refresh", "/auth/logout"]) {
        const { headers } = await preflight(path, ORIGIN, "POST");
        assert.equal(headers["access-control-allow-origin"], undefined, path);
      }
    });

    test("a ticket needs a token", { timeout }, async () => {
      const without = await client.ticket();
      assert.equal(without.status, 401);
      assert.equal(without.headers["www-authenticate"], "Bearer");
      const wrong = await client.ticket("made-up");
      assert.equal(wrong.status, 401);
      assert.match(wrong.headers["www-authenticate"], /^Bearer .*error="invalid_token"/);
      const { json: granted } = await client.login();
      const { status, headers, json } = await client.ticket(granted.access_token);
      assert.equal(status, 200);
      assert.equal(json.expires_in, 30);
      assert.match(json.ticket, /^[\w-]{43,}$/);
      assert.equal(headers["cache-control"], "no-store");
    });

    for (const [kind, open] of Object.entries(kinds)) {
      test(`${kind}: a ticket works once`, { timeout }, async () => {
        const ticket = await ticketOf(await client.login());
        const stream = await open(ticket);
        assert.equal(stream.status, kind === "socket" ? 101 : 200);
        assert.deepEqual(JSON.parse(await next(stream)), { sub: "alice" });
        for (const again of Object.values(kinds)) assert.equal((await again(ticket)).status, 403);
        assert.deepEqual(JSON.parse(await next(stream)), { sub: "alice" }, "the first goes on");
        stream.close();
      });

      test(`${kind}: a ticket that nobody gave out is refused`, { timeout }, async () => {
        for (const ticket of ["", "made-up", "A".repeat(43)]) assert.equal((await open(ticket)).status, 403, ticket);
      });

      test(`${kind}: a token is no ticket`, { timeout }, async () => {
        const { json } = await client.login();
        assert.equal((await open(json.access_token)).status, 403);
      });

      test(`${kind}: a ticket ends with its session`, { timeout }, async () => {
        const granted = await client.login();
        const ticket = await ticketOf(granted);
        await client.logout(granted.cookie);
        assert.equal((await open(ticket)).status, 403);
      });

      const ends = {
        "a logout": ({ cookie }) => client.logout(cookie),
        "a cookie that is used again": async ({ cookie }) => {
          const { cookie: second } = await client.refresh(cookie);
          await client.refresh(second);
          assert.equal((await client.refresh(cookie)).status, 401);
        },
        "another sign-in": ({ cookie }) => client.login("alice", "correct horse", cookie),
      };
      for (const [cause, end] of Object.entries(ends)) {
        test(`${kind}: ${cause} closes the streams of the session, and of no other`, { timeout }, async () => {
          const [granted, other] = [await client.login(), await client.login()];
          const stream = await open(await ticketOf(granted));
          const untouched = await open(await ticketOf(other));
          await next(stream);
          await next(untouched);
          await end(granted);
          await ended(stream);
          if (kind === "socket") assert.equal(await stream.code, 1008);
          await next(untouched);
          untouched.close();
        });
      }
    }

    test("events: with the token, no ticket is needed; with neither, the answer names the reason", {
      timeout,
    }, async () => {
      const { json } = await client.login();
      const stream = await openEvents(`${backend.url}/api/events`, { authorization: `Bearer ${json.access_token}` });
      assert.equal(stream.status, 200);
      assert.match(stream.headers["content-type"], /^text\/event-stream\b/);
      assert.match(stream.headers["cache-control"], /\bno-store\b/);
      assert.deepEqual(JSON.parse(await next(stream)), { sub: "alice" });
      stream.close();
      const { status, headers } = await openEvents(`${backend.url}/api/events`);
      assert.equal(status, 401);
      assert.equal(headers["www-authenticate"], "Bearer");
    });

    test("socket: a page of another origin is refused, and does not use the ticket up", { timeout }, async () => {
      const url = `${backend.url}/api/socket?ticket=${await ticketOf(await client.login())}`;
      for (const origin of [...strangers, undefined]) assert.equal((await openSocket(url, origin)).status, 403, origin);
      const socket = await openSocket(url, ORIGIN);
      assert.equal(socket.status, 101);
      socket.close();
    });

    test("socket: without a ticket it is refused", { timeout }, async () => {
      assert.equal((await openSocket(`${backend.url}/api/socket`, ORIGIN)).status, 403);
    });

    test("socket: one that breaks off harms no other", { timeout }, async () => {
      const broken = await kinds.socket(await ticketOf(await client.login()));
      const whole = await kinds.socket(await ticketOf(await client.login()));
      broken.close();
      await next(whole);
      whole.send("hello");
      while ((await next(whole)) !== "hello");
      whole.close();
    });
  });

  describe(`${name}: time`, { concurrency: true }, () => {
    let backend;
    let client;
    before(async () => {
      backend = await start({ origin: ORIGIN, idle: 4, ticket: 3, beat: 1 });
      client = new Client(backend.url, ORIGIN);
    }, compiles);
    after(() => backend?.stop());

    const address = async (path, token) => `${backend.url}${path}?ticket=${(await client.ticket(token)).json.ticket}`;

    test("a ticket expires", { timeout }, async () => {
      const { json } = await client.login();
      // Each works once: there are some for each moment, until one is too old.
      const urls = await Promise.all(Array.from({ length: 50 }, () => address("/api/events", json.access_token)));
      const statuses = [];
      while (statuses.at(-1) !== 403) {
        const stream = await openEvents(urls.pop());
        statuses.push(stream.status);
        stream.close();
        assert.equal((await client.me(json.access_token)).status, 200, "the session itself goes on");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.equal(statuses[0], 200);
    });

    test("an open stream keeps no session alive, but a message does", { timeout }, async () => {
      const [quiet, listening, talking] = await Promise.all([client.login(), client.login(), client.login()]);
      const socket = await openSocket(await address("/api/socket", quiet.json.access_token), ORIGIN);
      const events = await openEvents(await address("/api/events", listening.json.access_token));
      const talk = await openSocket(await address("/api/socket", talking.json.access_token), ORIGIN);
      let over = false;
      const conversation = (async () => {
        while (!over) if ((await next(talk)) !== "still there") talk.send("still there");
      })();
      await Promise.all([ended(socket), ended(events)]);
      assert.equal(await socket.code, 1008);
      over = true;
      await conversation;
      talk.close();
    });
  });
}
