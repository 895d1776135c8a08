/** A `fetch` that the page answers itself, at once; refreshes only when it is told to. */
import { discovery, refresh, thing, token } from "./addresses.js";

const ACCESS_TOKEN = "fresh";

/**
 * A contender that has done nothing for so many turns of the event loop has sent everything that it sends without a
 * token.
 */
const QUIET = 20;

export class Stub {
  refreshes = 0;
  requests = 0;
  #quiet = 0;
  #answer;
  #answered = new Promise((resolve) => (this.#answer = resolve));

  fetch = async (input, init) => {
    this.#quiet = 0;
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname === thing) return this.#thing(request);
    if (pathname === discovery)
      return Response.json({ issuer: location.origin, token_endpoint: `${location.origin}${token}` });
    if (pathname !== refresh && pathname !== token) throw new TypeError(`nobody answers ${pathname}`);
    this.refreshes += 1;
    await this.#answered;
    return Response.json({ access_token: ACCESS_TOKEN, refresh_token: "next", token_type: "Bearer", expires_in: 600 });
  };

  /** Resolves once a refresh waits for its answer and no more requests come. */
  async quiet() {
    while (this.refreshes === 0 || this.#quiet < QUIET) {
      this.#quiet += 1;
      await new Promise((next) => setTimeout(next, 2));
    }
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
