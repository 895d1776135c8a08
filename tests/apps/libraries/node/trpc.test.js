/** tRPC's client and its own server, behind the check of tokens that the backend of `tokenhold/testing` does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { initTRPC, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { EventSource } from "eventsource";
import { createTestTokenManager } from "tokenhold/testing";

const url = "https://app.example/trpc";

const { procedure, router } = initTRPC.context().create();
const guarded = procedure.use(({ ctx, next }) => {
  if (!ctx.isSignedIn) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next();
});
const app = router({
  news: procedure.query(() => "news"),
  me: guarded.query(() => "alice"),
  ticks: guarded.subscription(async function* () {
    yield 1;
    yield 2;
  }),
});

test("retry-once: where tokens are checked before tRPC, batches and subscriptions go on after one refresh", async () => {
  const { api, sent, world } = await serve({ isSignedIn: true });
  assert.deepEqual(await Promise.all([api.news.query(), api.me.query(), ticks(api)]), ["news", "alice", [1, 2]]);
  assert.deepEqual(sent(), [2, 2]);
  assert.equal(world.backend.requestsTo("/auth/refresh").length, 2);
});

test("where procedures check them, neither is refused by a status that says so", async () => {
  const { api, sent } = await serve({ isSignedIn: false }, { isPublic: true });
  const outcomes = await Promise.allSettled([api.news.query(), api.me.query(), ticks(api)]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "rejected"],
  );
  assert.deepEqual(sent(), [1, 1]);
});

/** Makes a client whose token is no longer good, and returns it with the number of requests: batches, subscriptions. */
async function serve(context, flags) {
  const world = createTestTokenManager({ signedIn: "alice" });
  const { tokens, backend, clock } = world;
  await tokens.ready;
  await clock.advance(60_000);
  backend.rejectTokens();
  const paths = ["/trpc/news,me", "/trpc/ticks"];
  const answer = (req) => fetchRequestHandler({ endpoint: "/trpc", req, router: app, createContext: () => context });
  for (const path of paths) backend.respond(path, answer, flags);
  return { api: client(tokens), sent: () => paths.map((path) => backend.requestsTo(path).length), world };
}

/** As docs/libraries.md has it. */
function client(tokens) {
  return createTRPCClient({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: { fetch: tokens.fetch } }),
        false: httpBatchLink({ url, fetch: tokens.fetch }),
      }),
    ],
  });
}

/** The first two events of the subscription. */
function ticks(api) {
  return new Promise((resolve, reject) => {
    const seen = [];
    const onData = (tick) => {
      seen.push(tick);
      if (seen.length === 2) end(resolve, seen);
    };
    const subscription = api.ticks.subscribe(undefined, { onData, onError: (error) => end(reject, error) });
    const end = (settle, value) => {
      subscription.unsubscribe();
      settle(value);
    };
  });
}
