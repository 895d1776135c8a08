/** The rules of SERVER.md, asked of each backend in docs/ by HTTP, and of the reference backend. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { messagesIn } from "./support/checks/http.mjs";
import { Client } from "./support/client.mjs";
import { endpoints } from "./support/endpoints.mjs";
import { blocksOf, read } from "./support/markdown.mjs";

const ORIGIN = "https://app.example.com";
const ATTRIBUTES = ["httponly", "path=/", "samesite=strict", "secure"];
/** So long may what ends within seconds take. */
const PATIENCE_MS = 60_000;

/** The requests of senders other than our page. */
const strangers = {
  "another origin": { origin: "https://evil.example", "sec-fetch-site": undefined },
  "an origin that begins as ours": { origin: `${ORIGIN}.evil.example`, "sec-fetch-site": undefined },
  "our origin in another scheme": { origin: ORIGIN.replace("https", "http"), "sec-fetch-site": undefined },
  "no origin at all": { origin: "null", "sec-fetch-site": undefined },
  "a peer subdomain": { origin: undefined, "sec-fetch-site": "same-site" },
  "another site": { origin: undefined, "sec-fetch-site": "cross-site" },
  "an address that was typed": { origin: undefined, "sec-fetch-site": "none" },
  "our origin, against which Sec-Fetch-Site speaks": { "sec-fetch-site": "cross-site" },
  "another origin, for which Sec-Fetch-Site speaks": { origin: "https://evil.example" },
  "somebody who does not say where from": { origin: undefined, "sec-fetch-site": undefined },
  "a form, which sends no header of its own": { "x-requested-with": undefined },
  "a script that sends another value": { "x-requested-with": "XMLHttpRequest", "content-type": undefined },
  "a form that sends text": { "x-requested-with": undefined, "content-type": "text/plain" },
};

for (const [name, start] of Object.entries(endpoints)) {
  describe(name, () => {
    let backend;
    let client;
    before(
      async () => {
        backend = await start({ origin: ORIGIN, grace: 4 });
        client = new Client(backend.url, ORIGIN);
      },
      { timeout: 1_800_000 },
    );
    after(() => backend?.stop());

    test("signing in gives a token and a cookie with all its attributes", async () => {
      const answer = await client.login();
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.attributes, ATTRIBUTES);
      assert.equal(answer.json.token_type, "Bearer");
      assert.equal(answer.json.expires_in, 300);
      assert.equal((await client.me(answer.json.access_token)).status, 200);
    });

    test("a wrong password or person gives neither", async () => {
      for (const credentials of [
        ["alice", "wrong"],
        ["mallory", "correct horse"],
        ["alice", ""],
      ]) {
        const answer = await client.login(...credentials);
        assert.equal(answer.status, 401);
        assert.equal(answer.headers["set-cookie"], undefined);
      }
    });

    test("a refresh gives the next cookie and a token", async () => {
      const { cookie } = await client.login();
      const answer = await client.refresh(cookie);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.attributes, ATTRIBUTES);
      assert.notEqual(answer.cookie, cookie);
      assert.equal((await client.me(answer.json.access_token)).status, 200);
    });

    test("of several cookies the last one counts: browsers send the newest last", async () => {
      const [older, newer] = [await client.login(), await client.login()];
      const { cookie } = await client.refresh(`${older.cookie}; __Host-Http-session=${newer.cookie}`);
      assert.equal((await client.refresh(newer.cookie)).cookie, cookie, "its successor, given once more");
      assert.notEqual((await client.refresh(older.cookie)).cookie, cookie);
    });

    test("a refresh goes as SERVER.md shows it", async () => {
      const [asked, answered] = messagesIn(
        blocksOf("SERVER.md", read("SERVER.md")).find(({ language }) => language === "http").code,
      );
      const { cookie } = await client.login();
      const [method, path] = asked.start.split(" ");
      const { Cookie, ...sent } = fields(asked);
      const { "Set-Cookie": set, ...headers } = fields(answered);
      assert.match(Cookie, /^__Host-Http-session=/);
      const answer = await client.send(method, path, { cookie, headers: lowerCase(sent) });
      assert.equal(answered.start, `HTTP/1.1 ${answer.status} OK`);
      assert.equal(answer.headers["cache-control"], headers["Cache-Control"]);
      assert.match(answer.headers["content-type"], new RegExp(`^${headers["Content-Type"]}\\b`));
      assert.deepEqual(
        answer.attributes,
        set
          .split("; ")
          .slice(1)
          .map((each) => each.toLowerCase())
          .sort(),
      );
      assert.deepEqual({ ...answer.json, access_token: "" }, { ...JSON.parse(answered.body), access_token: "" });
    });

    test("POST only: anything else is refused and changes nothing", async () => {
      const { cookie } = await client.login();
      for (const method of ["GET", "PUT", "DELETE"]) {
        for (const path of ["/auth/refresh", "/auth/logout"]) {
          const answer = await client.send(method, path, { cookie });
          assert.equal(answer.status, 405, `${method} ${path}`);
          assert.equal(answer.headers["set-cookie"], undefined);
        }
      }
      assert.equal((await client.refresh(cookie)).status, 200);
    });

    for (const [who, headers] of Object.entries(strangers)) {
      test(`${who}: 403, and nothing changes`, async () => {
        const { cookie } = await client.login();
        for (const answer of [await client.refresh(cookie, headers), await client.logout(cookie, headers)]) {
          assert.equal(answer.status, 403);
          assert.equal(answer.headers["set-cookie"], undefined);
        }
        const { cookie: next, status } = await client.refresh(cookie);
        assert.equal(status, 200);
        assert.equal((await client.refresh(next)).status, 200);
      });
    }

    test("one of Origin and Sec-Fetch-Site is enough, if it is right", async () => {
      const { cookie } = await client.login();
      const { cookie: next } = await client.refresh(cookie, { origin: undefined });
      assert.equal((await client.refresh(next, { "sec-fetch-site": undefined })).status, 200);
    });

    test("a login from elsewhere is refused", async () => {
      const body = { username: "alice", password: "correct horse" };
      const answer = await client.send("POST", "/auth/login", { body, headers: { origin: "https://evil.example" } });
      assert.equal(answer.status, 403);
    });

    test("the cookie just replaced earns the same successor as long as the new token is not used", async () => {
      const { cookie, json: before } = await client.login();
      const { cookie: next } = await client.refresh(cookie);
      assert.equal((await client.me(before.access_token)).status, 200);
      const again = await client.refresh(cookie);
      assert.equal(again.status, 200);
      assert.equal(again.cookie, next);
      assert.equal((await client.me(again.json.access_token)).status, 200);
      const late = await client.refresh(cookie);
      assert.equal(late.status, 401);
      assert.equal(late.headers["set-cookie"], undefined);
      assert.equal((await client.refresh(next)).status, 401);
    });

    test("the cookie just replaced earns the same successor only for a while; then it ends the session", async () => {
      const { cookie } = await client.login();
      const { cookie: next } = await client.refresh(cookie);
      assert.equal((await client.refresh(cookie)).cookie, next);
      // Repeating does not prolong it.
      const last = await until(
        () => client.refresh(cookie),
        ({ status }) => status !== 200,
      );
      assert.equal(last.status, 401);
      assert.equal(last.headers["set-cookie"], undefined);
      assert.equal((await client.refresh(next)).status, 401);
    });

    test("an older cookie ends the session, and its tokens", async () => {
      const { cookie: first } = await client.login();
      const { cookie: second } = await client.refresh(first);
      const { cookie: third, json } = await client.refresh(second);
      const answer = await client.refresh(first);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers["set-cookie"], undefined);
      assert.equal((await client.refresh(third)).status, 401);
      assert.equal((await client.me(json.access_token)).status, 401);
    });

    test("ten refreshes at once with one cookie: ten equal successors", async () => {
      const { cookie } = await client.login();
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.refresh(cookie)));
      assert.deepEqual(
        answers.map(({ status }) => status),
        Array(10).fill(200),
      );
      assert.equal(new Set(answers.map((answer) => answer.cookie)).size, 1);
    });

    test("no cookie, and one that nobody gave out: 401, and no Set-Cookie", async () => {
      for (const cookie of [undefined, "made.up", "madeup", "A".repeat(43), `${"A".repeat(43)}.${"A".repeat(43)}`]) {
        const answer = await client.refresh(cookie);
        assert.equal(answer.status, 401);
        assert.equal(answer.headers["set-cookie"], undefined);
      }
    });

    test("a logout ends the session at the server, clears the cookie, and can be repeated", async () => {
      const { cookie, json } = await client.login();
      const answer = await client.logout(cookie);
      assert.equal(answer.status, 204);
      assert.equal(answer.cookie, "");
      assert.deepEqual(answer.attributes, [...ATTRIBUTES, "max-age=0"].sort());
      assert.equal((await client.refresh(cookie)).status, 401);
      assert.equal((await client.me(json.access_token)).status, 401);
      for (const left of [cookie, undefined]) {
        const second = await client.logout(left);
        assert.equal(second.status, 204);
        assert.equal(second.headers["set-cookie"], undefined);
      }
    });

    test("a logout by a cookie that has been replaced ends the session as well", async () => {
      const { cookie } = await client.login();
      const { cookie: next } = await client.refresh(cookie);
      assert.equal((await client.logout(cookie)).status, 204);
      assert.equal((await client.refresh(next)).status, 401);
    });

    test("signing in where there is a session ends the former one", async () => {
      const { cookie: former } = await client.login();
      const { cookie } = await client.login("alice", "correct horse", former);
      assert.equal((await client.refresh(former)).status, 401);
      assert.equal((await client.refresh(cookie)).status, 200);
    });

    test("the API says who it is, and what is wrong with the token", async () => {
      const { json } = await client.login();
      const mine = await client.me(json.access_token);
      assert.equal(mine.json.sub, "alice");
      const without = await client.me();
      assert.equal(without.status, 401);
      assert.equal(without.headers["www-authenticate"], "Bearer");
      const wrong = await client.me("made-up");
      assert.equal(wrong.status, 401);
      assert.match(wrong.headers["www-authenticate"], /^Bearer .*error="invalid_token"/);
    });

    test("nothing is ever stored on the way", async () => {
      const { cookie, json } = await client.login();
      const answers = [
        await client.login(),
        await client.login("alice", "wrong"),
        await client.me(json.access_token),
        await client.me("made-up"),
        await client.refresh(cookie),
        await client.refresh("made.up"),
        await client.refresh(cookie, { origin: "https://evil.example" }),
        await client.send("GET", "/auth/refresh"),
        await client.logout(cookie),
      ];
      for (const { status, headers } of answers)
        assert.match(headers["cache-control"] ?? "", /\bno-store\b/, `${status}`);
    });
  });

  test(`${name}: a session that only refreshes is idle, and ends`, { timeout: 1_800_000 }, async () => {
    const backend = await start({ origin: ORIGIN, idle: 3 });
    try {
      const client = new Client(backend.url, ORIGIN);
      let { cookie, json } = await client.login();
      const last = await until(
        () => client.refresh(cookie),
        (answer) => {
          if (answer.status !== 200) return true;
          ({ cookie, json } = answer);
        },
      );
      assert.equal(last.status, 401);
      assert.equal((await client.me(json.access_token)).status, 401);
    } finally {
      await backend.stop();
    }
  });
}

function fields({ headers }) {
  return Object.fromEntries(headers.map((line) => /^([^:]+): (.*)$/.exec(line).slice(1)));
}

function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Repeats `attempt` until `enough` of what comes of it. */
async function until(attempt, enough) {
  const limit = Date.now() + PATIENCE_MS;
  for (;;) {
    const result = await attempt();
    if (enough(result)) return result;
    assert.ok(Date.now() < limit, `for ${PATIENCE_MS} ms, nothing has changed`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
