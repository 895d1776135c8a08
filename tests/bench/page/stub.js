/** A `fetch` that the page answers itself, at once; refreshes only when it is told to. */
import { discovery, refresh, thing, token } from "./addresses.js";

const ACCESS_TOKEN = "fresh";

/** In milliseconds. Whoever has done nothing for so long has sent all that it will send before it has a token. */
const QUIET = 50;

export class Stub {
  refreshes = 0;
  requests = 0;
  #last = performance.now();
  #answer;
  #answered = new Promise((resolve) => (this.#answer = resolve));

  fetch = async (input, init) => {
    this.#last = performance.now();
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname === thing) return this.#thing(request);
    if (pathname === discovery) return Response.json({ issuer: location.origin, token_endpoint: `${location.origin}${token}` });
    if (pathname !== refresh && pathname !== token) throw new TypeError(`nobody answers ${pathname}`);
    this.refreshes += 1;
    await this.#answered;
    return Response.json({ access_token: ACCESS_TOKEN, refresh_token: "next", token_type: "Bearer", expires_in: 600 });
  };

  /** Resolves once a refresh waits for its answer and no more requests come. */
  async quiet() {
    while (this.refreshes === 0 || performance.now() - this.#last < QUIET) await new Promise((next) => setTimeout(next, 5));
  }

  answerRefreshes() {
    this.#answer();
  }

  #thing({ headers }) {
    this.requests += 1;
    const status = headers.get("authorization") === `Bearer ${ACCESS_TOKEN}` ? 200 : 401;
    return Response.json({ status }, { status });
  }
}
