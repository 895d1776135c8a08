/**
 * Requests: those of the app (`request.rs`), those to the auth endpoints (`auth.rs`), and how their answers are read
 * (`answer.rs`, `claims.rs`).
 *
 * @typedef {(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>} Fetch
 * @typedef {{ url: string | URL, method?: string, headers?: [string, string][], body?: { text: string, type?: string },
 *   credentials?: RequestCredentials, csrf?: { cookie: string, header: string } }} AuthRequest
 * @typedef {{ token?: string, expiresIn?: string, expiresInUnit?: string, expiresAt?: string }} Paths
 * @typedef {{ response?: Paths, ended?: number[] }} Reading How to read an answer.
 * @typedef {{ fetch: Fetch, rejected: Rejected, attachTo: string[], refresh: AuthRequest & Reading }} Settings
 * @typedef {(RequestInit & { [transport: symbol]: Fetch }) | undefined} Init
 * @typedef {number[] | ((response: Response) => unknown)} Rejected The statuses of a stale token, or who knows.
 * @typedef {string | undefined} Token
 */

/** A request as the app wrote it, fixed: from here on nothing about it can change. */
export class Outgoing {
  #request;
  #sent = false;
  #isAbroad = false;
  lacksToken = false;
  /** @type {() => void} */ #aborted = () => {};
  #transport;
  /** @type {Response | undefined} */ rejected;

  /** Does what `fetch(input, init)` does first; throws what it throws. */
  constructor(/** @type {RequestInfo | URL} */ input, /** @type {Init} */ init) {
    const body = init?.body;
    // See `src/ts/transport.ts`.
    this.#transport = init?.[Symbol.for("tokenhold.transport")];
    // A stream can be read once, and not every browser can send one twice from a clone.
    this.replayable = !(body instanceof ReadableStream);
    const value = copy(body);
    // Whatever else there is in `init` is read when the request is made, as `fetch` would.
    this.#request = new Request(input, value ? Object.create(init ?? null, { body: { value } }) : init);
  }

  /** Whether it may go to one of the origins of `attachTo` with the token: not to an auth endpoint, and with no token of its own. */
  isFor(/** @type {Settings} */ { attachTo }, /** @type {Endpoint[]} */ endpoints) {
    const { url, headers, signal } = this.#request;
    const place = placeOf(url);
    if (headers.has("authorization") || endpoints.some(({ path }) => path === place.path)) return false;
    this.#isAbroad = !attachTo.includes(place.origin);
    return !this.#isAbroad && !signal.aborted;
  }

  /** Sends it as it is: it is none of the manager's business. */
  async pass(/** @type {Settings} */ { fetch }) {
    const response = await this.#fetch(fetch, this.#request);
    this.lacksToken = this.#isAbroad && response?.status === 401;
    return response;
  }

  /** Firefox forgets that a `Request` is to outlive its page, unless it is told again. Any `init` resets the referrer. */
  #fetch(/** @type {Fetch} */ fetch, /** @type {Request} */ request) {
    const { keepalive, referrer, referrerPolicy } = request;
    return (this.#transport ?? fetch)(request, keepalive ? { keepalive, referrer, referrerPolicy } : undefined);
  }

  /** Calls back when the app aborts it, until `close`. */
  open(/** @type {() => void} */ aborted) {
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
  async send(/** @type {Settings} */ { fetch, rejected }, /** @type {Token} */ token) {
    discard(this.rejected);
    this.rejected = undefined;
    const request = this.replayable && !this.#sent ? this.#request.clone() : this.#request;
    this.#sent = true;
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    const response = await this.#fetch(fetch, request);
    if (await isRejected(response, rejected)) this.rejected = response;
    return response;
  }

  /** The `WWW-Authenticate` of the response that was rejected; `undefined` if none was. */
  get challenge() {
    return this.rejected && (this.rejected.headers?.get("WWW-Authenticate") ?? "");
  }

  get reason() {
    return this.#request.signal.reason;
  }
}

/** A URL without its query: what the browser will make of a request, not what the app wrote. */
function placeOf(/** @type {string} */ url) {
  const { origin, pathname } = new URL(url);
  return { origin, path: origin + pathname };
}

/** A copy of a body that the app may still write to. WebKit reads one only when it sends it, and again for a clone. */
function copy(/** @type {any} */ body) {
  if (body instanceof URLSearchParams) return new URLSearchParams(String(body));
  if (body instanceof ArrayBuffer) return body.slice();
  if (!(body?.buffer instanceof ArrayBuffer)) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
}

/** Asks the app about a response: by its statuses, or by its function, which is given a copy. That is let go after it. */
async function isRejected(/** @type {Response} */ response, /** @type {Rejected} */ rejected) {
  if (typeof rejected !== "function") return rejected.includes(response?.status);
  const clone = response?.clone?.();
  const asked = Promise.resolve(clone).then(rejected);
  return asked.catch(() => false).finally(() => discard(clone));
}

/** Gives up a response that nobody will read, so that its connection is free. */
function discard(/** @type {Response | undefined} */ response) {
  // It rejects if the stream has failed already; either way it is over.
  if (response?.body?.locked === false) response.body.cancel().catch(() => {});
}

/** Where the refresh or the logout endpoint is, and how to ask it. */
export class Endpoint {
  #url;
  /** @type {RequestInit} */ #init;
  /** @type {[string, string][]} */ #headers;
  #csrf;
  #repeat = new AbortController();

  /** Throws if there is no such URL. */
  constructor(/** @type {AuthRequest} */ { url, method = "POST", headers = [], body, credentials, csrf }) {
    // Once: the page's own address may change.
    this.#url = new Request(url).url;
    const place = placeOf(this.#url);
    const isOurs = place.origin === origin;
    this.path = place.path;
    credentials ??= isOurs ? "same-origin" : "include";
    // It outlives its page: a cookie that the server has rotated must land.
    this.#init = { method, body: body?.text, credentials, keepalive: true, cache: "no-store", priority: "high" };
    if (body?.type) headers = [["Content-Type", body.type], ...headers];
    // A custom header keeps other sites' forms out (RFC 10017). To another origin it would cost a preflight that the
    // backend may not expect.
    this.#headers = isOurs ? [["X-Requested-With", "tokenhold"], ...headers] : headers;
    this.#csrf = csrf;
  }

  /** Asks for a token: what `read` returns. A repeat ends with its page, and by `callOff`, even where it still waits. */
  async ask(/** @type {Settings} */ { fetch, refresh }, /** @type {boolean} */ isRepeat) {
    const { signal } = (this.#repeat = new AbortController());
    return read(await this.#send(fetch, { keepalive: !isRepeat, signal }), refresh);
  }

  callOff() {
    this.#repeat.abort();
  }

  /** Asks for the end of the session: whether it is over at the backend. */
  async leave(/** @type {Settings} */ { fetch }, /** @type {Token} */ token) {
    const { ok, status } = await this.#send(fetch, {}, token);
    return ok || status === 401;
  }

  async #send(/** @type {Fetch} */ fetch, /** @type {RequestInit} */ init, /** @type {Token} */ token = undefined) {
    const headers = new Headers();
    for (const [name, value] of this.#headers) headers.set(name, value);
    const csrf = this.#csrf;
    const value = csrf && cookie(csrf.cookie);
    if (csrf && value !== undefined) headers.set(csrf.header, value);
    try {
      // Backends that percent-encode a cookie's value compare the header with what it was before.
      if (csrf && value) headers.set(csrf.header, decodeURIComponent(value));
    } catch {}
    if (token) headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(this.#url, { ...this.#init, ...init, headers });
    if (!isResponse(response)) throw response;
    return response;
  }
}

/** An answer: its status, how long to wait if that is an error, the server's clock, and the `fields` of its body. */
export async function read(/** @type {Response} */ response, /** @type {Reading} */ { response: paths, ended }) {
  const { ok, status = ok ? 200 : 0, headers } = response;
  const header = (/** @type {string} */ name) => headers?.get?.(name) ?? null;
  const serverTime = Date.parse(header("Date") ?? "");
  const isOver = (ended ?? [400, 401, 403]).includes(status);
  if (!ok) return { status, isOver, retryAfter: retryAfter(header("Retry-After"), serverTime || Date.now()) };
  return { status, serverTime, ...fields(await response.json().catch(() => {}), paths) };
}

/** Whether it is a response: one of another realm, or of a library that replaces `fetch`, is as good as the browser's. */
export const isResponse = (/** @type {any} */ value) => typeof value?.json === "function";

/** The same of JSON that came without a response. */
export function given(/** @type {unknown} */ json, /** @type {Reading} */ { response }) {
  return { status: 200, ...fields(json, response) };
}

/** The token, its claims, its lifetime and its end, from where the dotted `paths` lead to in `json`. */
function fields(/** @type {unknown} */ json, /** @type {Paths} */ paths = {}) {
  const token = at(json, paths.token ?? "access_token");
  const expiresIn = number(at(json, paths.expiresIn ?? "expires_in"));
  const expiresAt = moment(at(json, paths.expiresAt ?? "expires_at"));
  return { token, claims: claims(token), expiresIn, expiresAt, isInMs: paths.expiresInUnit === "ms" };
}

/**
 * The claims of a JWT (RFC 7519) and, as `json`, its payload. The signature may be missing. Returns nothing for a token that
 * `jwt-compact` would refuse, which is stricter still: with certificates, names that come twice, depths, huge numbers.
 */
export function claims(/** @type {any} */ jwt) {
  try {
    const [, ...parts] = /** @type {string[]} */ (/^([\w-]+)\.([\w-]+)\.[^.]*$/.exec(jwt));
    const [header, json] = /** @type {[string, string]} */ (parts.map(decoded));
    const { alg, cty, typ, kid, jku, x5u } = JSON.parse(header);
    const payload = JSON.parse(json);
    const { exp, iat, nbf, sub, iss } = payload;
    const isSound =
      typeof alg === "string" &&
      [cty, typ, kid, jku, x5u].every((text) => typeof (text ?? "") === "string") &&
      /^json$/i.test(cty ?? "json") &&
      [exp, iat, nbf].every((time = 0) => typeof time === "number" && Math.abs(time) < 8.2e12) && // beyond it are no dates
      isObject(payload) &&
      !Array.isArray(payload);
    return isSound ? { json, exp, iat, sub, iss } : undefined;
  } catch {
    return undefined;
  }
}

/** The text that is in Base64 for URLs (RFC 4648, section 5). */
function decoded(/** @type {string} */ part) {
  const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Follows a dotted path; `undefined` where it leads nowhere. */
function at(/** @type {unknown} */ json, /** @type {string} */ path) {
  return path.split(".").reduce((value, key) => (isObject(value) ? value[key] : undefined), json);
}

/** A number, or a text that is one. */
function number(/** @type {unknown} */ value) {
  return typeof value === "number" || typeof value === "string" ? Number(value) : undefined;
}

/** A number, or an ISO 8601 date. */
function moment(/** @type {unknown} */ value) {
  // `Date.parse` takes almost anything; a year and a dash keep it to ISO 8601.
  return typeof value === "string" && value[4] === "-" ? Date.parse(value) : number(value);
}

/** Milliseconds to wait (RFC 9110, section 10.2.3): seconds, or a date. */
function retryAfter(/** @type {string | null} */ value, /** @type {number} */ now) {
  if (value === null) return undefined;
  return Number.isNaN(Number(value)) ? Date.parse(value) - now : 1000 * Number(value);
}

function cookie(/** @type {string} */ name) {
  const pairs = globalThis.document?.cookie.split(";").map((pair) => pair.trimStart());
  return pairs?.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** @returns {value is Record<string, unknown>} */
function isObject(/** @type {unknown} */ value) {
  return typeof value === "object" && value !== null;
}
