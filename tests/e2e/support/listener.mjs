/** An HTTP server of a test, at a port of its own. Nothing is left of it once it has closed. */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import { selfSigned } from "./certificate.mjs";

export class Listener {
  #scheme;
  #server;
  #sockets = new Set();

  /**
   * `serve` and `upgrade` are what `node:http` calls; `tls`: over https, with a certificate that nobody knows.
   *
   * @param {(request: any, response: any) => void} serve
   * @param {{ tls?: boolean, upgrade?: (request: any, socket: any, head: Buffer) => void }} [options]
   */
  static async open(serve, { tls = false, upgrade } = {}) {
    const listener = new Listener();
    listener.#scheme = tls ? "https" : "http";
    listener.#server = tls ? createTlsServer(selfSigned(), serve) : createServer(serve);
    listener.#server.on("connection", (socket) => listener.#keep(socket));
    if (upgrade) listener.#server.on("upgrade", upgrade);
    listener.#server.listen(0);
    await once(listener.#server, "listening");
    return listener;
  }

  /** Its origin under `host`, which must lead to the loopback address, as `localhost` and `*.localhost` do. */
  origin(host = "localhost") {
    return `${this.#scheme}://${host}:${this.#server.address().port}`;
  }

  /** Ends every connection, whatever it is used for: the server by itself knows only those that have spoken HTTP. */
  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
