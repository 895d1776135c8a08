#!/bin/sh
# oidc-client-ts refreshes once a second, for as long as the page is open, if tokens live for a minute or less.
#
# Versions:  oidc-client-ts 3.5.0 on Node 20.20.2, with automaticSilentRenew as it is by default.
# Behaviour: a token is renewed 60 seconds before its end, and never sooner than a second from now. With one that lives
#            for 60 seconds that second is all there is: each renewal brings the next. No request of the app is
#            needed for that. `accessTokenExpiringNotificationTimeInSeconds` changes the 60.
# Output:    how often the token endpoint is asked in five seconds.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oidc-client-ts@3.5.0

node --input-type=module > seen <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from "oidc-client-ts";

let [refreshes, lifetime] = [0, 0];
const server = createServer((request, response) => {
  request.resume();
  refreshes += 1;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ access_token: "a", refresh_token: "r", token_type: "Bearer", expires_in: lifetime }));
}).listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

for (lifetime of [120, 60]) {
  refreshes = 0;
  const userStore = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const metadata = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
  const settings = { authority: issuer, client_id: "c", redirect_uri: `${issuer}/back`, metadata, userStore };
  const manager = new UserManager({ ...settings, stateStore: userStore });
  const expires_at = Math.floor(Date.now() / 1_000) + lifetime;
  const token = { access_token: "a", refresh_token: "r", token_type: "Bearer", scope: "api", profile: { sub: "alice" } };
  await manager.storeUser(new User({ ...token, expires_at }));
  await manager.getUser();
  await wait(5_000);
  manager.stopSilentRenew();
  console.log(`${lifetime} s: ${refreshes >= 3 ? "three refreshes or more" : `${refreshes} refreshes`}`);
}
process.exit();
JS

diff - seen <<'SEEN'
120 s: 0 refreshes
60 s: three refreshes or more
SEEN
