/** A server at another origin, which records whatever reaches it and allows every page to ask. */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import { selfSigned } from "./certificate.mjs";

export class Foreign {
  requests = [];
  #scheme;
  #server;

  /** `tls`: over https, because a page that came over https may ask no other. */
  static async open({ tls = false } = {}) {
    const foreign = new Foreign();
    const serve = (request, response) => foreign.#serve(request, response);
    foreign.#scheme = tls ? "https" : "http";
    foreign.#server = tls ? createTlsServer(selfSigned(), serve) : createServer(serve);
    foreign.#server.listen(0);
    await once(foreign.#server, "listening");
    return foreign;
  }

  /** Its origin under `host`, which must lead to the loopback address, as `localhost` and `*.localhost` do. */
  origin(host = "localhost") {
    return `${this.#scheme}://${host}:${this.#server.address().port}`;
  }

  /** The Authorization headers that have come to paths starting with `path`. */
  authorizations(path = "/") {
    const requests = this.requests.filter(({ url }) => url.startsWith(path));
    return requests.map(({ headers }) => headers.authorization).filter(Boolean);
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve({ method, url, headers }, response) {
    if (method !== "OPTIONS") this.requests.push({ method, url, headers });
    response.writeHead(url.startsWith("/refuses") ? 401 : 200, {
      "access-control-allow-origin": headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "authorization, content-type, x-requested-with",
      "access-control-expose-headers": "www-authenticate",
      "www-authenticate": 'Bearer error="invalid_token"',
      "content-type": "application/json",
    });
    response.end("{}");
  }
}
