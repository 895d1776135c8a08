/** A server at another origin, which records whatever reaches it and allows every page to ask. */
import { Listener } from "./listener.mjs";

export class Foreign {
  requests = [];
  #listener;

  /** `tls`: over https, because a page that came over https may ask no other. */
  static async open({ tls = false } = {}) {
    const foreign = new Foreign();
    foreign.#listener = await Listener.open((request, response) => foreign.#serve(request, response), { tls });
    return foreign;
  }

  /** Its origin under `host`, as {@link Listener.origin}. */
  origin(host) {
    return this.#listener.origin(host);
  }

  /** The Authorization headers that have come to paths starting with `path`. */
  authorizations(path = "/") {
    const requests = this.requests.filter(({ url }) => url.startsWith(path));
    return requests.map(({ headers }) => headers.authorization).filter(Boolean);
  }

  close() {
    return this.#listener.close();
  }

  #serve({ method, url, headers }, response) {
    if (method !== "OPTIONS") this.requests.push({ method, url, headers });
    response.writeHead(url.startsWith("/refuses") ? 401 : 200, {
      "access-control-allow-origin": headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "authorization, content-type, x-access-token, x-requested-with",
      "access-control-expose-headers": "www-authenticate",
      "www-authenticate": 'Bearer error="invalid_token"',
      "content-type": "application/json",
    });
    response.end("{}");
  }
}
