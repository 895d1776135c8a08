#!/bin/sh
# fetch-event-source asks again and again after a 401, and reports a wrong content type.
#
# Versions:  @microsoft/fetch-event-source 2.0.1, eventsource 4.1.1, jsdom 29.1.1 for `document`.
# Behaviour: the default `onopen` looks at the content type and not at the status. An expired token is therefore an error
#            like a lost connection, and is tried again without end, with the same token. EventSource by the HTML
#            standard, as in the package eventsource, gives up for good at the first 401. An app needs an `onopen` of
#            its own that throws, and an `onerror` that throws on.
# Output:    the demonstration stops after five requests; the second one waits two seconds for another request.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @microsoft/fetch-event-source@2.0.1 eventsource@4.1.1 jsdom@29.1.1

node --input-type=module > seen <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { EventSource } from "eventsource";
import { JSDOM } from "jsdom";

globalThis.window = globalThis;
globalThis.document = new JSDOM().window.document;
const { fetchEventSource } = await import("@microsoft/fetch-event-source");

let requests = 0;
const enough = new AbortController();
const server = createServer((_request, response) => {
  requests += 1;
  if (requests === 5) setImmediate(() => enough.abort());
  response.writeHead(401, { "WWW-Authenticate": 'Bearer error="invalid_token"' }).end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}/events`;

const messages = new Set();
const onerror = (error) => {
  messages.add(error.message);
  return 200; // Milliseconds until the next try; a second if it is left out.
};
await fetchEventSource(url, { headers: { Authorization: "Bearer expired" }, signal: enough.signal, onerror });
console.log(`fetch-event-source: ${requests} requests, ${[...messages]}`);

requests = 0;
const source = new EventSource(url);
await new Promise((resolve) => source.addEventListener("error", resolve));
await wait(2_000);
console.log(`eventsource: ${requests} request, ${source.readyState === EventSource.CLOSED ? "closed" : "open"}`);
process.exit();
JS

diff - seen <<'SEEN'
fetch-event-source: 5 requests, Expected content-type to be text/event-stream, Actual: null
eventsource: 1 request, closed
SEEN
