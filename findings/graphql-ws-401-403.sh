#!/bin/sh
# graphql-ws gives up at "unauthorized" and tries again at "forbidden", the other way round than HTTP clients.
#
# Versions:  graphql-ws 6.4.2, ws 8.23.0, graphql 16.15.0.
# Behaviour: a server that closes the socket with 4401 ends the client for good, whatever `retryAttempts` says. After
#            4403 the client connects again and calls `connectionParams` again. So a server that wants an expired token
#            renewed has to close with 4403, where a client of an HTTP API would refresh at 401 and give up at 403.
# Output:    how often a client with three retries connects.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts graphql-ws@6.4.2 ws@8.23.0 graphql@16.15.0

node --input-type=module > seen <<'JS'
import { createClient } from "graphql-ws";
import WebSocket, { WebSocketServer } from "ws";

for (const code of [4401, 4403]) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => "graphql-transport-ws" });
  let tokens = 0;
  server.on("connection", (socket) => socket.on("message", () => socket.close(code, "the token has expired")));
  await new Promise((resolve) => server.once("listening", resolve));
  await new Promise((onNonLazyError) => {
    createClient({
      url: `ws://127.0.0.1:${server.address().port}`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 3,
      retryWait: async () => {},
      connectionParams: () => ({ token: (tokens += 1) }),
      onNonLazyError,
    });
  });
  console.log(`${code}: ${tokens} tokens asked for`);
  server.close();
}
process.exit();
JS

diff - seen <<'SEEN'
4401: 1 tokens asked for
4403: 4 tokens asked for
SEEN
