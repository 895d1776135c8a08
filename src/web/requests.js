/**
 * Requests: those of the app (`request.rs`), those to the auth endpoints (`auth.rs`), and how their answers are read
 * (`answer.rs`, `claims.rs`).
 *
 * @typedef {(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>} Fetch
 * @typedef {{ url: string | URL, method?: string, headers?: Later<[string, string][]>, body?: Later<Body>,
 *   credentials?: RequestCredentials, csrf?: Csrf }} AuthRequest
 * @typedef {{ text: string, type?: string }} Body
 * @typedef {{ cookie: string, header: string }} Csrf
 * @typedef {{ token?: string, expiresIn?: string, expiresInUnit?: string, expiresAt?: string }} Paths
 * @typedef {{ response?: Paths | ((response: Response) => unknown), ended?: Question, identity?: string[] }} Reading How to
 *   read an answer.
 * @typedef {{ fetch: Fetch, rejected: Question, attachTo: string[], scheme?: string, header?: string, csrf?: Csrf,
 *   refresh: AuthRequest & Reading, logout: { confirmed?: Question }, identity?: string[] }} Settings
 * @typedef {(RequestInit & { [transport: symbol]: Fetch }) | undefined} Init
 * @typedef {number[] | ((response: Response) => unknown)} Question Statuses that say yes, or a function of the app's.
 * @typedef {string | undefined} Token
 */

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
  #sent = false;
  #isAbroad = false;
  /** @type {boolean | undefined} */ #hasOwn;
  lacksToken = false;
  /** @type {() => void} */ #aborted = () => {};
  #transport;
  /** @type {Response | undefined} */ rejected;

  /** Does what `fetch(input, init)` does first; throws what it throws. */
  constructor(/** @type {RequestInfo | URL} */ input, /** @type {Init} */ init) {
    const body = (this.#body = init?.body);
    // See `src/ts/transport.ts`.
    this.#transport = init?.[Symbol.for("tokenhold.transport")];
    // A stream can be read once, and not every browser can send one twice from a clone.
    this.replayable = !(body instanceof ReadableStream);
    const value = copy(body);
    // Whatever else there is in `init` is read when the request is made, as `fetch` would.
    this.#request = new Request(input, value ? Object.create(init ?? null, { body: { value } }) : init);
  }

  /** Whether it may go to one of the origins of `attachTo` with the token: not to an auth endpoint, and with no token of its own. */
  isFor(/** @type {Settings} */ { attachTo, header = AUTHORIZATION }, /** @type {Endpoint[]} */ endpoints) {
    const { url, headers, signal } = this.#request;
    const place = placeOf(url);
    if (headers.has(AUTHORIZATION) || headers.has(header) || endpoints.some((each) => this.#isTo(each, place.path)))
      return false;
    this.#isAbroad = !attachTo.includes(place.origin);
    return !this.#isAbroad && !signal.aborted;
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
    if (!csrf || /^(GET|HEAD|OPTIONS|TRACE)$/.test(method) || placeOf(url).origin !== ownOrigin()) return;
    // On the first time, the app's own header wins.
    this.#hasOwn ??= headers.has(csrf.header);
    if (!this.#hasOwn) copyCookie(csrf, headers);
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
  async send(/** @type {Settings} */ settings, /** @type {Token} */ token) {
    discard(this.rejected);
    this.rejected = undefined;
    const request = this.replayable && !this.#sent ? this.#request.clone() : this.#request;
    this.#sent = true;
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

/** Asks about a response: by statuses, or by the app's function, which is given a copy. That is let go after it. */
async function says(/** @type {Question} */ question, /** @type {Response} */ response) {
  if (typeof question !== "function") return question.includes(response?.status);
  const clone = response?.clone?.();
  const asked = Promise.resolve(clone).then(question);
  return asked.catch(() => false).finally(() => discard(clone));
}

/** Gives up a response that nobody will read, so that its connection is free. */
function discard(/** @type {Response | undefined} */ response) {
  // It rejects if the stream has failed already; either way it is over.
  if (response?.body?.locked === false) response.body.cancel().catch(() => {});
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
    const place = placeOf(this.#url);
    this.#isOurs = place.origin === ownOrigin();
    this.path = place.path;
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

/** An answer: its status, how long to wait if that is an error, the server's clock, and the `fields` of its body. */
export async function read(/** @type {Response} */ response, /** @type {Reading} */ reading) {
  const { response: shape, ended = [400, 401, 403] } = reading;
  const { ok, status = ok ? 200 : 0, headers } = response;
  const header = (/** @type {string} */ name) => headers?.get?.(name) ?? null;
  const serverTime = Date.parse(header("Date") ?? "");
  const isOver = await says(ended, response);
  if (isOver || !ok) return { status, isOver, retryAfter: retryAfter(header("Retry-After"), serverTime || Date.now()) };
  const isFunction = typeof shape === "function";
  const json = await Promise.resolve(response)
    .then(isFunction ? shape : () => response.json())
    .catch(() => {});
  return { status, serverTime, isOver: isFunction && json === null, ...fields(json, reading) };
}

/** Whether it is a response: one of another realm, or of a library that replaces `fetch`, is as good as the browser's. */
export const isResponse = (/** @type {any} */ value) => typeof value?.json === "function";

/** The same of the answer to the app's login: a response, or the JSON in it. */
export async function logIn(/** @type {() => unknown} */ login, /** @type {Reading} */ reading) {
  const returned = await login();
  return isResponse(returned) ? read(/** @type {Response} */ (returned), reading) : given(returned, reading);
}

/** The same of JSON that came without a response. */
export function given(/** @type {unknown} */ json, /** @type {Reading} */ reading) {
  return { status: 200, ...fields(json, reading) };
}

/** Where a function of the app's has put them. */
const AS_RETURNED = { token: "token", expiresIn: "expiresIn", expiresAt: "expiresAt" };

/** The token, its claims, its lifetime and its end, from where the dotted paths lead to in `json`. */
function fields(/** @type {unknown} */ json, /** @type {Reading} */ { response = {}, identity }) {
  /** @type {Paths} */
  const paths = typeof response !== "function" ? response : isObject(json) && "token" in json ? AS_RETURNED : {};
  const token = at(json, paths.token ?? "access_token");
  const expiresIn = number(at(json, paths.expiresIn ?? "expires_in"));
  const expiresAt = moment(at(json, paths.expiresAt ?? "expires_at"));
  return { token, claims: claims(token, identity), expiresIn, expiresAt, isInMs: paths.expiresInUnit === "ms" };
}

/**
 * The claims of a JWT (RFC 7519) and, as `json`, its payload. The signature may be missing. Returns nothing for a token that
 * `jwt-compact` would refuse, which is stricter still: with certificates, names that come twice, depths, huge numbers.
 */
export function claims(/** @type {any} */ jwt, /** @type {string[] | undefined} */ identity = ["iss", "sub"]) {
  try {
    const [, ...parts] = /** @type {string[]} */ (/^([\w-]+)\.([\w-]+)\.[^.]*$/.exec(jwt));
    const [header, json] = /** @type {[string, string]} */ (parts.map(decoded));
    const { alg, cty, typ, kid, jku, x5u } = JSON.parse(header);
    const payload = JSON.parse(json);
    const { exp, iat, nbf } = payload;
    const isSound =
      typeof alg === "string" &&
      [cty, typ, kid, jku, x5u].every((text) => typeof (text ?? "") === "string") &&
      /^json$/i.test(cty ?? "json") &&
      [exp, iat, nbf].every((time = 0) => typeof time === "number" && Math.abs(time) < 8.2e12) && // beyond it are no dates
      isObject(payload) &&
      !Array.isArray(payload);
    return isSound ? { json, exp, iat, person: personOf(payload, identity) } : undefined;
  } catch {
    return undefined;
  }
}

/** A text that is another for each person, if the token says whose it is. Its issuer alone does not. */
function personOf(/** @type {Record<string, unknown>} */ payload, /** @type {string[]} */ identity) {
  const texts = identity.map((name) => {
    const value = payload[name] ?? undefined;
    // RFC 7519 has texts for the first two: others there say nothing that could be compared.
    return typeof value === "string" ? value : /^(iss|sub)$/.test(name) ? undefined : JSON.stringify(value);
  });
  const isKnown = identity.some((name, at) => name !== "iss" && texts[at] !== undefined);
  return isKnown ? texts.join("\0") : undefined;
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

/** A number, or a date: ISO 8601, in UTC unless it says otherwise, or that of HTTP (RFC 9110, section 5.6.7), or a `Date`. */
function moment(/** @type {any} */ value) {
  if (typeof value?.getTime === "function") return value.getTime();
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d[^ +Z-]*))?(?: ?(?:Z|UTC)|([+-]\d\d):?(\d\d)?)?$/i.exec(value);
  if (iso) return Date.parse(`${iso[1]}T${iso[2] ?? "00:00"}${iso[3] ? `${iso[3]}:${iso[4] ?? "00"}` : "Z"}`);
  return / GMT$/.test(value) ? Date.parse(value) : number(value);
}

/** Milliseconds to wait (RFC 9110, section 10.2.3): seconds, or a date. */
function retryAfter(/** @type {string | null} */ value, /** @type {number} */ now) {
  if (value === null) return undefined;
  return Number.isNaN(Number(value)) ? Date.parse(value) - now : 1000 * Number(value);
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

/** @returns {value is Record<string, unknown>} */
function isObject(/** @type {unknown} */ value) {
  return typeof value === "object" && value !== null;
}
