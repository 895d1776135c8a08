/** The app's requests: what is needed to send each of them, perhaps twice. */

/** A request as the app wrote it, fixed: from here on nothing about it can change. */
export class Outgoing {
  #request;
  #oneShot;
  #sent = false;
  #rejected;
  #aborted;

  /** Does what `fetch(input, init)` does first; throws what it throws. */
  constructor(input, init) {
    const body = init?.body;
    // A stream can be read once, and not every browser can send one twice from a clone.
    this.#oneShot = body instanceof ReadableStream;
    const value = copy(body);
    // Whatever else there is in `init` is read when the request is made, as `fetch` would.
    this.#request = new Request(input, value ? Object.create(init, { body: { value } }) : init);
  }

  /** Whether it may go to one of the `origins` with the token: not to an auth endpoint, and with no token of its own. */
  isFor(origins, endpoints) {
    const { url, headers, signal } = this.#request;
    const place = placeOf(url);
    const isAllowed = origins.includes(place.origin) && !endpoints.some(({ path }) => path === place.path);
    return isAllowed && !headers.has("authorization") && !signal.aborted;
  }

  /** Sends it as it is: it is none of the manager's business. */
  async pass(fetch) {
    return fetch(this.#request);
  }

  /** Calls back when the app aborts it, until `close`. */
  open(aborted) {
    this.#aborted = aborted;
    this.#request.signal.addEventListener("abort", aborted);
  }

  close() {
    this.#request.signal.removeEventListener("abort", this.#aborted);
  }

  /**
   * Sends it with the token, or a copy if it may have to be sent again. Returns the response; one that says that the token
   * is stale is kept as well.
   */
  async send(fetch, token, rejected) {
    discard(this.#rejected);
    this.#rejected = undefined;
    const request = this.#oneShot || this.#sent ? this.#request : this.#request.clone();
    this.#sent = true;
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(request);
    if (await isRejected(response, rejected)) this.#rejected = response;
    return response;
  }

  /** What the response that was rejected says of the token; `undefined` if none was. */
  get challenge() {
    return this.#rejected && (this.#rejected.headers?.get("WWW-Authenticate") ?? "");
  }

  get rejected() {
    return this.#rejected;
  }

  get replayable() {
    return !this.#oneShot;
  }

  get reason() {
    return this.#request.signal.reason;
  }
}

/** A URL without its query: what the browser will make of a request, not what the app wrote. */
export function placeOf(url) {
  const { origin, pathname } = new URL(url);
  return { origin, path: origin + pathname };
}

/** What the app may still write to. WebKit reads such a body only when it sends it, and again when it sends a clone. */
function copy(body) {
  if (body instanceof URLSearchParams) return new URLSearchParams(String(body));
  if (body instanceof ArrayBuffer) return body.slice();
  if (!(body?.buffer instanceof ArrayBuffer)) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
}

/** What the app says of a response: by statuses, or by a function that is given a copy. */
async function isRejected(response, rejected) {
  if (typeof rejected !== "function") return rejected.includes(response?.status);
  try {
    return await rejected(response.clone());
  } catch {
    return false;
  }
}

/** Gives up a response that nobody will read, so that its connection is free. */
function discard(response) {
  const body = response?.body;
  // It rejects if the stream has failed already; either way it is over.
  if (body && !body.locked) body.cancel().catch(() => {});
}
