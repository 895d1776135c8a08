#!/bin/sh
# tRPC: the same refusal is 401 for a query, 207 in a batch, and 200 for a subscription.
#
# Versions:  @trpc/server 11.22.1, its own server for Node.
# Behaviour: every procedure refuses an expired token with UNAUTHORIZED. A query is answered 401. In a batch with one that
#            needs no token, the answer is 207. A subscription over server-sent events is answered 200, and the refusal is
#            an event in the stream. That is so even if `createContext` refuses, before any procedure is looked at. So
#            whatever refreshes a token when it sees a 401 never does so for a subscription, nor for a mixed batch.
# Output:    for each kind: the HTTP status, and where the refusal is.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @trpc/server@11.22.1 typescript@5.9.3

node --input-type=module > seen <<'JS'
import { once } from "node:events";
import { initTRPC, TRPCError } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";

const refused = () => {
  throw new TRPCError({ code: "UNAUTHORIZED" });
};
const { router, procedure } = initTRPC.create();
const guarded = procedure.use(refused);
const app = router({
  open: procedure.query(() => "open"),
  mine: guarded.query(() => "mine"),
  news: guarded.subscription(async function* () {
    yield "news";
  }),
});

async function serving(createContext) {
  const server = createHTTPServer({ router: app, createContext });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { at: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function look(what, url, headers = {}) {
  const response = await fetch(url, { headers });
  const text = await response.text();
  const isEvent = /^event: serialized-error$/m.test(text) && text.includes("UNAUTHORIZED");
  console.log(`${what}: ${response.status}${isEvent ? ", and an event" : text.includes("UNAUTHORIZED") ? ", and in the body" : ""}`);
}

const stream = { Accept: "text/event-stream" };
const plain = await serving(() => ({}));
await look("a query", `${plain.at}/mine`);
await look("a batch with one that is open", `${plain.at}/open,mine?batch=1`);
await look("a subscription", `${plain.at}/news`, stream);
plain.close();
const strict = await serving(refused);
await look("a query, refused by createContext", `${strict.at}/open`);
await look("a subscription, refused by createContext", `${strict.at}/news`, stream);
strict.close();
process.exit();
JS

diff - seen <<'SEEN'
a query: 401, and in the body
a batch with one that is open: 207, and in the body
a subscription: 200, and an event
a query, refused by createContext: 401, and in the body
a subscription, refused by createContext: 200, and an event
SEEN
