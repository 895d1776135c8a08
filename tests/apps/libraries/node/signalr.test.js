/** SignalR's client, before a hub that knows just enough of its protocol. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpClient, HttpError, HttpResponse, HttpTransportType, HubConnectionBuilder } from "@microsoft/signalr";
import { createTestTokenManager } from "tokenhold/testing";

const HUB = "https://app.example/hub";
/** Ends each message. */
const END = "\x1e";

test("retry-once: long polling by tokens.fetch goes on after one refresh, with the token in no URL", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: "alice" });
  await tokens.ready;
  const hub = serve(backend);
  const connection = connect(httpClient(tokens));
  const heard = listen(connection);
  await connection.start();
  hub.say("before");
  assert.equal(await heard(), "before");
  await clock.advance(60_000);
  backend.rejectTokens();
  hub.say("after");
  assert.equal(await heard(), "after");
  await connection.stop();
  assert.equal(backend.requestsTo("/auth/refresh").length, 2);
  for (const { url, headers } of backend.requestsTo(HUB)) {
    assert.match(headers.get("Authorization"), /^Bearer ./);
    assert.doesNotMatch(url, /token/);
  }
});

test("what the hub refuses, a call learns", async () => {
  const { tokens, backend } = createTestTokenManager({ signedIn: "alice" });
  backend.respond(`${HUB}/negotiate`, () => new Response("busy", { status: 503 }));
  await assert.rejects(connect(httpClient(tokens)).start(), /503/);
});

function connect(httpClient) {
  return new HubConnectionBuilder()
    .withUrl(HUB, { httpClient, transport: HttpTransportType.LongPolling })
    .configureLogging({ log() {} })
    .build();
}

/** Returns a function that resolves with the next note. */
function listen(connection) {
  const notes = [];
  let told = () => {};
  connection.on("note", (text) => {
    notes.push(text);
    told();
  });
  return async () => {
    while (notes.length === 0) await new Promise((resolve) => (told = resolve));
    return notes.shift();
  };
}

/** As docs/libraries.md has it. */
function httpClient(tokens) {
  class TokenHttpClient extends HttpClient {
    async send({ method, url = "", content, headers, responseType, abortSignal }) {
      const controller = new AbortController();
      if (abortSignal) abortSignal.onabort = () => controller.abort();
      const answer = await tokens.fetch(url, { method, headers, body: content, signal: controller.signal });
      if (!answer.ok) throw new HttpError(answer.statusText, answer.status);
      const body = responseType === "arraybuffer" ? await answer.arrayBuffer() : await answer.text();
      return new HttpResponse(answer.status, answer.statusText, body);
    }
  }
  return new TokenHttpClient();
}

/** A hub, of which `say` sends a note to the client. */
function serve(backend) {
  const messages = [];
  let polling = () => {};
  let polls = 0;
  const say = (text) => {
    messages.push(`${JSON.stringify(text)}${END}`);
    polling();
  };
  backend.respond(`${HUB}/negotiate`, {
    negotiateVersion: 1,
    connectionId: "a",
    connectionToken: "b",
    availableTransports: [{ transport: "LongPolling", transferFormats: ["Text"] }],
  });
  backend.respond(`POST ${HUB}`, async (request) => {
    if ((await request.text()).includes('"protocol"')) say({});
    return new Response();
  });
  backend.respond(`DELETE ${HUB}`, () => new Response(null, { status: 202 }));
  backend.respond(`GET ${HUB}`, async () => {
    if (polls++ === 0) return new Response();
    while (messages.length === 0) await new Promise((resolve) => (polling = resolve));
    return new Response(messages.shift());
  });
  return { say: (text) => say({ type: 1, target: "note", arguments: [text] }) };
}
