import assert from "node:assert/strict";
import { halfLife } from "./support/ages.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { INVALID_TOKEN, accept, json, refuseTokens, script } from "./support/rules.mjs";
import { everyEngine } from "./support/suite.mjs";

/** The bodies to send, each as a function that makes the arguments of fetch in the page from the path. */
const bodies = {
  "a JSON string": (path) => [path, json({ text: "Grüße, 世界 \u0000 🦀" })],
  "a FormData with a file": (path) => {
    const body = new FormData();
    body.append("name", 'Ada "Countess" Lovelace');
    body.append("file", new File([bytes(70_000)], "engine.bin", { type: "application/octet-stream" }));
    return [path, { method: "POST", body }];
  },
  "a Blob": (path) => [path, { method: "PUT", body: new Blob([bytes(200_000)], { type: "image/x-test" }) }],
  "an ArrayBuffer": (path) => [path, { method: "POST", body: bytes(1_000).buffer }],
  "a view on a part of a buffer": (path) => [path, { method: "PATCH", body: bytes(1_000).subarray(100, 300) }],
  "a URLSearchParams": (path) => [path, { method: "POST", body: new URLSearchParams({ q: "a b&c=ä" }) }],
  "a Request": (path) => [new Request(path, json({ text: "in a Request" }))],
  "a Request with a Blob, and init on top": (path) => {
    const request = new Request(path, { method: "POST", body: new Blob([bytes(5_000)]) });
    return [request, { headers: { "x-note": "kept", "content-type": "text/x-note" } }];
  },
  "an empty body": (path) => [path, { method: "POST", body: "" }],
  "a megabyte": (path) => [path, { method: "POST", body: bytes(1_000_000) }],
};

everyEngine("bodies", (check, engine) => {
  check(
    "retry-once: every body that fetch can send again survives a replay byte for byte",
    { accessTtl: "10s" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      await halfLife([tab]);
      accept(world.gateway, "/api/echo");
      refuseTokens(world.gateway);
      const mark = world.ledger.mark();
      const makers = Object.values(bodies).map(String);
      assert.deepEqual(
        await tab.run(sendAll, makers),
        makers.map(() => 201),
      );
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
      Object.keys(bodies).forEach((name, at) => assertReplayed(world, name, `/api/echo?as=${at}`));
    },
  );

  check(
    "retry-once: what the caller mutates after sending is not what is replayed",
    { accessTtl: "4s" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      await halfLife([tab]);
      accept(world.gateway, "/api/echo");
      refuseTokens(world.gateway);
      const statuses = await tab.run(async () => {
        const buffer = new Uint8Array([0, 65, 66, 67, 0]);
        const made = [
          buffer.subarray(1, 4),
          new DataView(buffer.buffer, 1, 3),
          buffer.slice(1, 4).buffer,
          new URLSearchParams("ABC"),
        ];
        const headers = new Headers({ "x-note": "before" });
        const send = (body, at) => tokens.fetch(`/api/echo?as=mutated${at}`, { method: "POST", body, headers });
        const answers = made.map((body, at) => send(body, at));
        buffer.fill(90);
        new Uint8Array(made[2]).fill(90);
        made[3].append("Z", "Z");
        headers.set("x-note", "after");
        return (await Promise.all(answers)).map(({ status }) => status);
      });
      assert.deepEqual(statuses, [201, 201, 201, 201]);
      const sent = world.ledger.to("/api/echo");
      const bodies = sent.map(({ url, body }) => `${url.at(-1)} ${body}`).sort();
      assert.deepEqual(bodies, ["0 ABC", "0 ABC", "1 ABC", "1 ABC", "2 ABC", "2 ABC", "3 ABC=", "3 ABC="]);
      assert.deepEqual(
        sent.map(({ headers }) => headers["x-note"]),
        Array(8).fill("before"),
      );
    },
  );

  check(
    "retry-once: a stream is never replayed, and its outcome is that of window.fetch",
    { accessTtl: "4s" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      await halfLife([tab]);
      script(world.gateway, "/api/stream", INVALID_TOKEN);
      script(world.gateway, "/free/stream", INVALID_TOKEN);
      const mark = world.ledger.mark();
      const plain = await tab.run(streamed, "window", "/free/stream");
      const managed = await tab.run(streamed, "tokens", "/api/stream");
      assert.equal(managed, plain);
      // Chromium sends streams over HTTP/2 only, WebKit never; Firefox sends what it makes of one.
      assert.equal(managed, { chromium: "TypeError", firefox: 401, webkit: "NotSupportedError" }[engine]);
      assert.equal(world.ledger.to("/api/stream", mark).length, world.ledger.to("/free/stream", mark).length);
      assert.equal(world.ledger.to(REFRESH, mark).length, 0);
    },
  );

  check("retry-once: a body already read is rejected as by window.fetch", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    const mark = world.ledger.mark();
    const [plain, managed] = await tab.run(async () => {
      const used = new Request("/api/notes", { method: "POST", body: "{}" });
      await used.text();
      return [await outcome(fetch(used)), await outcome(tokens.fetch(used))];
    });
    assert.deepEqual([plain, managed], ["TypeError", "TypeError"]);
    assert.equal(world.ledger.to("/api/notes", mark).length, 0);
  });

  check("retry-once: answers are as from window.fetch: status, headers, body, type", {}, async (world) => {
    const [tab] = await world.signedInTabs(1);
    script(world.gateway, "/api/teapot", json(418, { short: "stout" }, { "x-pot": "tea" }));
    const seen = await tab.run(async () => {
      const answer = await tokens.fetch(new URL("/api/teapot", location.href), { cache: "no-store" });
      const isResponse = answer instanceof Response;
      return [
        isResponse,
        answer.status,
        answer.headers.get("x-pot"),
        await answer.json(),
        answer.type,
        new URL(answer.url).pathname,
      ];
    });
    assert.deepEqual(seen, [true, 418, "tea", { short: "stout" }, "basic", "/api/teapot"]);
  });
});

function assertReplayed(world, name, path) {
  const [first, second, ...more] = world.ledger.to("/api/echo").filter(({ url }) => url === path);
  assert.ok(second && more.length === 0, `${name} went out twice`);
  assert.equal(second.method, first.method, name);
  assert.deepEqual(contents(second), contents(first), name);
  assert.equal(second.headers["x-note"], first.headers["x-note"], name);
  assert.notEqual(second.headers.authorization, first.headers.authorization, `${name}: replayed with the new token`);
}

/** Body and type of a request, with the boundary that the browser has drawn by a fixed one. */
function contents({ headers, body }) {
  const type = headers["content-type"] ?? "";
  const [, boundary] = type.match(/boundary=(.*)$/) ?? [];
  const text = body.toString("latin1");
  return boundary ? [type, text].map((each) => each.replaceAll(boundary, "BOUNDARY")) : [type, text];
}

async function sendAll(makers) {
  window.bytes = (count) => Uint8Array.from({ length: count }, (_, at) => (at * 7 + (at >> 8)) % 256);
  window.json = (value) => ({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
  });
  const made = makers.map((make, at) => (0, eval)(`(${make})`)(`/api/echo?as=${at}`));
  return Promise.all(made.map((given) => outcome(tokens.fetch(...given))));
}

function streamed(by, path) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("one shot"));
      controller.close();
    },
  });
  return outcome((by === "tokens" ? tokens : window).fetch(path, { method: "POST", body, duplex: "half" }));
}
