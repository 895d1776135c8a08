#!/bin/sh
# maxAge of a cookie is in seconds in one of Fastify's own plugins and in milliseconds in the other.
#
# Versions:  fastify 5.12.8, @fastify/cookie 11.1.5, @fastify/session 11.1.3.
# Behaviour: one reply sets two cookies with `maxAge: 300`. That of reply.setCookie lasts five minutes. The session's is
#            turned into Expires, 300 milliseconds ahead, so it is gone before the next request.
# Output:    what each cookie says, and how far ahead it ends.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts fastify@5.12.8 @fastify/cookie@11.1.5 @fastify/session@11.1.3

node --input-type=module > seen <<'JS'
import cookie from "@fastify/cookie";
import session from "@fastify/session";
import Fastify from "fastify";

const app = Fastify();
await app.register(cookie);
const secret = "not a secret, but 32 characters or more";
await app.register(session, { secret, cookie: { maxAge: 300, secure: false } });
app.get("/", (request, reply) => {
  request.session.user = "alice";
  reply.setCookie("plain", "1", { maxAge: 300 });
  return "";
});

const { headers } = await app.inject("/");
const [plain, kept] = headers["set-cookie"];
console.log(`setCookie: ${plain.match(/(Max-Age=\d+|Expires)/)[0]}`);
const ahead = Date.parse(kept.match(/Expires=([^;]+)/)[1]) - Date.now();
console.log(`session: Expires, ${ahead < 2_000 ? "less than two seconds" : "minutes"} ahead`);
JS

diff - seen <<'SEEN'
setCookie: Max-Age=300
session: Expires, less than two seconds ahead
SEEN
