/**
 * Requests: those of the app (`request.rs`), and those to the auth endpoints (`auth.rs`).
 *
 * @import { Question, Reading } from "./answers.js"
 * @typedef {(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>} Fetch
 * @typedef {{ url: string | URL, method?: string, headers?: Later<[string, string][]>, body?: Later<Body>,
 *   credentials?: RequestCredentials, csrf?: Csrf }} AuthRequest
 * @typedef {{ text: string, type?: string }} Body
 * @typedef {{ cookie: string, header: string }} Csrf
 * @typedef {{ fetch: Fetch, rejected: Question, attachTo: string[], scheme?: string, header?: string, csrf?: Csrf,
 *   refresh: AuthRequest & Reading, logout: { confirmed?: Question }, identity?: string[] }} Settings
 * @typedef {(RequestInit & { [transport: symbol]: Fetch }) | undefined} Init
 * @typedef {string | undefined} Token
 */

import { discard, isResponse, read, says } from "./answers.js";

/**
 * A value, or a function that makes one for each attempt.
 *
 * @template Value
 * @typedef {Value | (() => Value)} Later
 */

const AUTHORIZATION = "Authorization";

/** Not that of the address: a sandboxed frame has none. */
export const ownOrigin = () => globalThis.origin ?? location.origin;

/** A request as the app wrote it, fixed: from here on nothing about it can change. */
export class Outgoing {
  #request;
  #body;
  /** @type {AbortSignal | undefined} */ #signal;
  #isAbroad = false;
  /** Whether a copy is sent next: the first time if there may be a body, so that it is there for the second. */
  #sendsCopy;
  /** @type {boolean | undefined} */ #hasOwn;
  lacksToken = false;
  /** @type {any} */ #aborted;
  #transport;
  /** @type {Response | undefined} */ rejected;

  /** Does what `fetch(input, init)` does first; throws what it throws. */
  constructor(/** @type {RequestInfo | URL} */ input, /** @type {Init} */ init) {
    const body = (this.#body = init?.body);
    // See `src/ts/transport.ts`.
    const transport = Symbol.for("tokenhold.transport");
    if (Object.hasOwn(init ?? {}, transport)) this.#transport = init?.[transport];
    // A stream can be read once, and not every browser can send one twice from a clone.
    this.replayable = !(body instanceof ReadableStream);
    const value = copy(body);
    // Whatever else there is in `init` is read when the request is made, as `fetch` would.
    this.#request = new Request(input, value ? Object.create(init ?? null, { body: { value } }) : init);
    this.#sendsCopy = this.replayable && !/^(GET|HEAD)$/.test(this.#request.method);
    if (init?.signal ?? /** @type {any} */ (input)?.signal) this.#signal = this.#request.signal;
  }

  /** Whether it may go to one of the origins of `attachTo` with the token: not to an auth endpoint, and with no token of its own. */
  isFor(/** @type {Settings} */ { attachTo, header = AUTHORIZATION }, /** @type {Endpoint[]} */ endpoints) {
    const { url, headers } = this.#request;
    const path = pathOf(url);
    if (headers.has(AUTHORIZATION) || headers.has(header) || endpoints.some((each) => this.#isTo(each, path)))
      return false;
    this.#isAbroad = !attachTo.some((origin) => isOf(origin, url));
    return !this.#isAbroad && !this.#signal?.aborted;
  }

  /** Where a body says what a request is for (GraphQL), others may go to the same address. */
  #isTo(/** @type {Endpoint} */ endpoint, /** @type {string} */ path) {
    return path === endpoint.path && (endpoint.body === undefined || endpoint.body === this.#body);
  }

  /** Sends it as it is: it is none of the manager's business. */
  async pass(/** @type {Settings} */ { fetch, csrf }) {
    this.#protect(this.#request, csrf);
    const response = await this.#fetch(fetch, this.#request);
    this.lacksToken = this.#isAbroad && response?.status === 401;
    return response;
  }

  /**
   * Firefox forgets that a `Request` is to outlive its page, unless it is told again. Everything else is in the request: some
   * tools that replace `fetch` lose its second argument. Any `init` resets the referrer.
   */
  #fetch(/** @type {Fetch} */ fetch, /** @type {Request} */ request, /** @type {RequestInit} */ init = {}) {
    const { keepalive, referrer, referrerPolicy } = request;
    const again = { ...init, keepalive, referrer, referrerPolicy };
    return (this.#transport ?? fetch)(
      init.redirect ? new Request(request, again) : request,
      keepalive ? again : undefined,
    );
  }

  /** Copies the CSRF token of this moment into a request that changes something at the page's own origin. */
  #protect(/** @type {Request} */ { url, method, headers }, /** @type {Csrf | undefined} */ csrf) {
    if (!csrf || /^(GET|HEAD|OPTIONS|TRACE)$/.test(method) || !isOf(ownOrigin(), url)) return;
    // On the first time, the app's own header wins.
    this.#hasOwn ??= headers.has(csrf.header);
    if (!this.#hasOwn) copyCookie(csrf, headers);
  }

  /** Calls back when the app aborts it, until `close`. */
  open(/** @type {() => void} */ aborted) {
    this.#aborted = aborted;
    this.#signal?.addEventListener("abort", aborted);
  }

  close() {
    this.#signal?.removeEventListener("abort", this.#aborted);
  }

  /**
   * Sends it, or a copy, with the token. Returns the response; one that says that the token is stale is kept as well.
   */
  async send(/** @type {Settings} */ settings, /** @type {Token} */ token) {
    discard(this.rejected);
    this.rejected = undefined;
    const request = this.#sendsCopy ? this.#request.clone() : this.#request;
    this.#sendsCopy = !this.#sendsCopy;
    authorize(request.headers, token, settings);
    this.#protect(request, settings.csrf);
    const response = await this.#fetch(settings.fetch, request, staying(token, settings));
    if (await says(settings.rejected, response)) this.rejected = response;
    return response;
  }

  /** The `WWW-Authenticate` of the response that was rejected; `undefined` if none was. */
  get challenge() {
    return this.rejected && (this.rejected.headers?.get("WWW-Authenticate") ?? "");
  }

  get reason() {
    return this.#signal?.reason;
  }
}

/** Whether a URL is of this origin. Takes what the browser has made of a URL, not what the app wrote. */
const isOf = (/** @type {string} */ origin, /** @type {string} */ url) => url.startsWith(`${origin}/`);

/** Such a URL without its query. */
const pathOf = (/** @type {string} */ url) => url.replace(/[?#].*/, "");

/** A copy of a body that the app may still write to. WebKit reads one only when it sends it, and again for a clone. */
function copy(/** @type {any} */ body) {
  if (body instanceof URLSearchParams) return new URLSearchParams(String(body));
  if (body instanceof ArrayBuffer) return body.slice();
  if (!(body?.buffer instanceof ArrayBuffer)) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
}

/** Puts the token into the headers, if there is one. */
function authorize(
  /** @type {Headers} */ headers,
  /** @type {Token} */ token,
  /** @type {{ scheme?: string, header?: string }} */ { scheme = "Bearer", header = AUTHORIZATION },
) {
  if (token) headers.set(header, `${scheme} ${token}`.trimStart());
}

/**
 * Browsers take `Authorization` off a request that is redirected to another origin, and no other header. So a request that
 * carries the token in another one is not redirected at all.
 *
 * @returns {RequestInit}
 */
function staying(/** @type {Token} */ token, /** @type {{ header?: string }} */ { header = AUTHORIZATION }) {
  return token && !/^authorization$/i.test(header) ? { redirect: "error" } : {};
}

/** A URL as this page would fetch it; throws if it cannot be fetched. */
export const resolved = (/** @type {string | URL} */ url) => new Request(url).url;

/** Where the refresh or the logout endpoint is, and how to ask it. */
export class Endpoint {
  #url;
  #isOurs;
  #given;
  #repeat = new AbortController();
  /** It outlives its page: a cookie that the server has rotated must land. */
  #keepalive = true;

  constructor(/** @type {AuthRequest} */ given) {
    this.#given = given;
    // Once: the page's own address may change.
    this.#url = resolved(given.url);
    this.#isOurs = isOf(ownOrigin(), this.#url);
    this.path = pathOf(this.#url);
    /** The text of the body, where that is known before it is sent. */
    this.body = typeof given.body === "function" ? undefined : given.body?.text;
  }

  /** Asks for a token: what `read` returns. A repeat ends with its page, and by `callOff`, even where it still waits. */
  async ask(/** @type {Settings} */ settings, /** @type {boolean} */ isRepeat) {
    const { signal } = (this.#repeat = new AbortController());
    const init = isRepeat ? { signal, keepalive: false } : { signal };
    return read(await this.#send(settings, init), settings.refresh);
  }

  callOff() {
    this.#repeat.abort();
  }

  /** Asks for the end of the session: the answer, and whether it confirms that. */
  async leave(/** @type {Settings} */ settings, /** @type {Token} */ token) {
    const response = await this.#send(settings, {}, token).catch((error) => {
      // There was none; or it leads to a page of another origin, such as a provider's, which this page may not read.
      if (!globalThis.navigator?.onLine) throw error;
      return this.#send(settings, { redirect: "manual" }, token);
    });
    const { confirmed } = settings.logout;
    const isSaid = confirmed ? says(confirmed, response) : response.ok || response.status === 401;
    return { confirmed: response.type === "opaqueredirect" || (await isSaid), response };
  }

  async #send(
    /** @type {Settings} */ settings,
    /** @type {RequestInit} */ init,
    /** @type {Token} */ token = undefined,
  ) {
    const headers = new Headers();
    const isOurs = this.#isOurs;
    let {
      method = "POST",
      headers: more = [],
      body,
      credentials = isOurs ? "same-origin" : "include",
      csrf,
    } = this.#given;
    // Nothing is waited for: the request leaves now, or not at all.
    if (typeof body === "function") body = body();
    if (typeof more === "function") more = more();
    try {
      // A custom header keeps other sites' forms out (RFC 10017). To another origin it would cost a preflight that the
      // backend may not expect.
      if (isOurs) headers.set("X-Requested-With", "tokenhold");
      if (body?.type) headers.set("Content-Type", body.type);
      for (const [name, value] of more) headers.set(name, value);
      if (csrf) copyCookie(csrf, headers);
      authorize(headers, token, settings);
      // Called by itself: the page's own is no method of any other object.
      const { fetch } = settings;
      const response = await fetch(this.#url, {
        method,
        body: body?.text,
        credentials,
        cache: "no-store",
        priority: "high",
        keepalive: this.#keepalive,
        ...staying(token, settings),
        ...init,
        headers,
      });
      if (!isResponse(response)) throw response;
      this.#keepalive = true;
      return response;
    } catch (error) {
      // A browser refuses a body that is to outlive its page while others fill the quota for that (Fetch, section 4.6).
      this.#keepalive = !body;
      throw error;
    }
  }
}

/** Copies a cookie into a header, if there is one. */
function copyCookie(/** @type {Csrf} */ { cookie, header }, /** @type {Headers} */ headers) {
  try {
    // A sandboxed frame may not look.
    const pairs = globalThis.document?.cookie.split(";").map((pair) => pair.trimStart());
    const value = pairs?.find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
    if (value !== undefined) headers.set(header, value);
    // Backends that percent-encode a cookie's value compare the header with what it was before.
    if (value) headers.set(header, decodeURIComponent(value));
  } catch {}
}
