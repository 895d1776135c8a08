/** Ports for servers that cannot choose one by themselves. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { until } from "./clock.mjs";

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

/**
 * Resolves once something accepts connections at `port` of `host`; the other options are those of {@link until}.
 *
 * @param {number} port
 * @param {{ host?: string, signal?: AbortSignal }} [options]
 */
export function accepting(port, { host = "localhost", ...options } = {}) {
  return until(() => accepts(port, host), `a server at ${host}:${port}`, options);
}

function accepts(port, host) {
  const socket = connect(port, host);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
