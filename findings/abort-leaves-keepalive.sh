#!/bin/sh
# Chromium: a `keepalive` request that is aborted while it waits for a connection is sent all the same.
#
# Versions:  @sparticuz/chromium 147.0.1 (a headless Chromium 147), puppeteer-core 25.16.0.
# Behaviour: over HTTP/1.1, six requests hold all connections to an origin. A POST waits for one of them, and its
#            AbortSignal ends it: the promise rejects. A plain POST is then gone. One with `keepalive` reaches the server
#            as soon as there is a connection, and its cookie is stored. So a token request that was given up on, and
#            tried again, is two token requests, with one cookie or one refresh token. Firefox 153 drops both, WebKitGTK
#            does as Chromium does (both seen by hand, and not part of this script).
# Needs:     the libraries of a headless Chromium, which most desktops have (on Debian: libnss3).
# Output:    for each kind: how the promise ended, and how many POSTs arrived when the connections were free.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @sparticuz/chromium@147.0.1 puppeteer-core@25.16.0

TMPDIR=$dir HOME=$dir node --input-type=module > seen <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import chromium from "@sparticuz/chromium";
import { launch } from "puppeteer-core";

const CONNECTIONS = 6;
let held = [];
let posts = 0;
let occupied;
const server = createServer((request, response) => {
  if (request.url === "/held") {
    held.push(response);
    if (held.length === CONNECTIONS) occupied();
  } else if (request.method === "POST") {
    posts += 1;
    response.end();
  } else {
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>page</title>");
  }
}).listen(0, "127.0.0.1");
await once(server, "listening");

chromium.setGraphicsMode = false;
const browser = await launch({ args: chromium.args, executablePath: await chromium.executablePath(), headless: "shell" });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

for (const keepalive of [false, true]) {
  posts = 0;
  held = [];
  const all = new Promise((resolve) => (occupied = resolve));
  await page.evaluate((count) => {
    window.holding = Array.from({ length: count }, () => fetch("/held", { cache: "no-store" }));
  }, CONNECTIONS);
  await all;
  const outcome = await page.evaluate(async (keepalive) => {
    const controller = new AbortController();
    const request = fetch("/post", { method: "POST", keepalive, signal: controller.signal });
    const ended = request.then(() => "answered", (error) => error.name);
    await new Promise((resolve) => setTimeout(resolve, 500));
    controller.abort();
    return ended;
  }, keepalive);
  for (const response of held) response.end();
  // Over the connections that are free now, and after whatever waited for them.
  await page.evaluate(async () => {
    await Promise.all(window.holding);
    for (let n = 0; n < 12; n += 1) await fetch("/", { cache: "no-store" });
  });
  console.log(`keepalive ${keepalive}: ${outcome}, ${posts} arrived`);
}
await browser.close();
process.exit();
JS

diff - seen <<'SEEN'
keepalive false: AbortError, 0 arrived
keepalive true: AbortError, 1 arrived
SEEN
