/** Clients of server-sent events that take a `fetch`, before the backend of `tokenhold/testing`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EventSource } from "eventsource";
import { createEventSource } from "eventsource-client";
import { createTestTokenManager } from "tokenhold/testing";

const EVENTS = "https://app.example/api/events";

/** Each opens a stream: its first message, and how to close it. */
const clients = {
  eventsource: ({ fetch }) => {
    const source = new EventSource(EVENTS, { fetch });
    const first = new Promise((resolve, reject) => {
      source.onmessage = ({ data }) => resolve(data);
      source.onerror = ({ message }) => reject(new Error(message));
    });
    return { first, close: () => source.close() };
  },
  "eventsource-client": ({ fetch }) => {
    const source = createEventSource({ url: EVENTS, fetch });
    const first = (async () => {
      for await (const { data } of source) return data;
    })();
    return { first, close: () => source.close() };
  },
};

for (const [name, open] of Object.entries(clients)) {
  test(`retry-once: a stream that is refused for its token opens after one refresh (${name})`, async () => {
    const { tokens, backend, clock } = createTestTokenManager({ signedIn: "alice" });
    await tokens.ready;
    backend.respond("/api/events", () => stream("data: hello\n\n"));
    await clock.advance(60_000);
    backend.rejectTokens();
    const { first, close } = open(tokens);
    assert.equal(await first, "hello");
    assert.deepEqual([backend.requestsTo(EVENTS).length, backend.requestsTo("/auth/refresh").length], [2, 2]);
    close();
  });
}

test("once nobody is signed in, eventsource gives up at the first refusal", async () => {
  const { tokens, backend } = createTestTokenManager();
  const source = new EventSource(EVENTS, { fetch: tokens.fetch });
  const { code } = await new Promise((resolve) => (source.onerror = resolve));
  assert.deepEqual([code, source.readyState, backend.requestsTo(EVENTS).length], [401, EventSource.CLOSED, 1]);
});

test("fetch-event-source asks for ever, unless it is told to give up", async () => {
  pretendToBeAPage();
  const { fetchEventSource } = await import("@microsoft/fetch-event-source");
  const { tokens, backend } = createTestTokenManager();
  await tokens.ready;
  const asked = (times) => assert.equal(backend.requestsTo(EVENTS).length, times);
  await assert.rejects(fetchEventSource(EVENTS, { fetch: tokens.fetch, ...givingUp() }), /status 401/);
  asked(1);
  const onerror = (error) => {
    if (backend.requestsTo(EVENTS).length === 4) throw error;
    return 1; // Milliseconds until it asks again.
  };
  await assert.rejects(fetchEventSource(EVENTS, { fetch: tokens.fetch, onerror }), /content-type/);
  asked(4);
});

/** As docs/libraries.md has it. */
function givingUp() {
  class Refused extends Error {}
  return {
    async onopen({ status }) {
      if (status >= 400 && status < 500) throw new Refused(`status ${status}`);
    },
    onerror: (error) => {
      if (error instanceof Refused) throw error;
    },
  };
}

/** The globals that fetch-event-source looks for, until the very end. */
function pretendToBeAPage() {
  const document = { hidden: false, addEventListener() {}, removeEventListener() {} };
  Object.assign(globalThis, { window: globalThis, document });
}

/** A stream that goes on. */
function stream(text) {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}
