#!/bin/sh
# iron-session takes a minute off the cookie, so a session of a minute or less is deleted as it is set.
#
# Versions:  iron-session 8.0.4.
# Behaviour: Max-Age of the cookie is `ttl` less 60 seconds, to allow for clocks that differ. With `ttl: 60` it is 0 and
#            with `ttl: 30` it is -30: both tell the browser to delete the cookie at once. No error says so. `ttl: 0`
#            stands for no end, and gives Max-Age=2147483647.
# Output:    Max-Age for each ttl.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts iron-session@8.0.4

node --input-type=module > seen <<'JS'
import { getIronSession } from "iron-session";

const password = "not a secret, but 32 characters or more";
for (const ttl of [300, 61, 60, 30, 0]) {
  const response = new Response();
  const session = await getIronSession(new Request("https://app.example/"), response, { password, cookieName: "s", ttl });
  session.user = "alice";
  await session.save();
  const [maxAge] = response.headers.get("Set-Cookie").match(/Max-Age=[-\d]+/);
  console.log(`ttl ${ttl}: ${maxAge}`);
}
JS

diff - seen <<'SEEN'
ttl 300: Max-Age=240
ttl 61: Max-Age=1
ttl 60: Max-Age=0
ttl 30: Max-Age=-30
ttl 0: Max-Age=2147483647
SEEN
