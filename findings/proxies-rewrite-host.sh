#!/bin/sh
# Three development proxies send the backend another Host than the browser's Origin names.
#
# Versions:  express-http-proxy 2.1.2, http-proxy-middleware 3.0.11, vite 8.3.8, express 5.3.0.
# Behaviour: a backend that compares Origin with Host, as a defence against forged requests, refuses a refresh behind them.
#            express-http-proxy rewrites Host by default. http-proxy-middleware does with `changeOrigin: true`, which its
#            quick start has; despite its name that leaves Origin alone. Vite does for the short form of a rule,
#            "/auth": "http://…", and does not for the long form, "/auth": { target: "http://…" }.
# Output:    whether Host is still that of Origin.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  express@5.3.0 express-http-proxy@2.1.2 http-proxy-middleware@3.0.11 vite@8.3.8

node --input-type=module > seen <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import express from "express";
import proxy from "express-http-proxy";
import { createProxyMiddleware } from "http-proxy-middleware";
import { createServer as createVite } from "vite";

const backend = await listen(createServer((request, response) => {
  request.resume();
  response.end(new URL(request.headers.origin).host === request.headers.host ? "the same" : "another");
}));
const target = address(backend);

await show("express-http-proxy", behind(proxy(target)));
await show("http-proxy-middleware", behind(createProxyMiddleware({ target })));
await show("http-proxy-middleware, changeOrigin", behind(createProxyMiddleware({ target, changeOrigin: true })));
await show("vite, short", vite({ "/auth": target }));
await show("vite, long", vite({ "/auth": { target } }));
process.exit();

function behind(middleware) {
  return listen(createServer(express().use("/auth", middleware)));
}

async function vite(rules) {
  const server = { host: "127.0.0.1", port: 0, proxy: rules };
  return (await (await createVite({ configFile: false, logLevel: "silent", server })).listen()).httpServer;
}

async function listen(server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

function address(server) {
  return `http://127.0.0.1:${server.address().port}`;
}

async function show(name, starting) {
  const origin = address(await starting);
  const response = await fetch(`${origin}/auth/refresh`, { method: "POST", headers: { Origin: origin } });
  console.log(`${name}: ${await response.text()}`);
}
JS

diff - seen <<'SEEN'
express-http-proxy: another
http-proxy-middleware: the same
http-proxy-middleware, changeOrigin: another
vite, short: another
vite, long: the same
SEEN
