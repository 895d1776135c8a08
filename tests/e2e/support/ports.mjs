/** Ports for servers that cannot choose one by themselves. */
import { once } from "node:events";
import { createServer } from "node:net";

/** A port of `host` that is free at this moment. */
export async function freePort(host = "localhost") {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * The port on which `server` listens.
 *
 * @param {import("node:net").Server} server
 */
export function portOf(server) {
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}
