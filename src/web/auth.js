/** The auth endpoints: asking them exactly as the options say, and what is in their answers. */
import { placeOf } from "./request.js";

/** Where the refresh or the logout endpoint is, and how to ask it. */
export class Endpoint {
  #url;
  #init;
  #headers;
  #csrf;

  /** `headers` are names and values in turn; `csrf` is a cookie's name and a header's. Throws if there is no such URL. */
  constructor(url, method, headers, body, credentials, csrf) {
    const { origin, path } = placeOf(new Request(url).url);
    const isOurs = origin === location.origin;
    this.isHttp = origin.startsWith("http");
    this.path = path;
    credentials ??= isOurs ? "same-origin" : "include";
    this.#url = url;
    // It outlives its page: a cookie that the server has rotated must land. It overtakes the page's own requests, which may
    // be waiting for it.
    this.#init = { method, body, credentials, keepalive: true, cache: "no-store", priority: "high" };
    // A custom header keeps other sites' forms out (OAuth 2.0 for Browser-Based Applications, section 6.1.3.3). To another
    // origin it would cost a preflight that the backend may not expect.
    this.#headers = [...(isOurs ? ["X-Requested-With", "tokenhold"] : []), ...headers];
    this.#csrf = csrf;
  }

  /** Asks for a token: what `read` returns. */
  async ask(fetch, ...paths) {
    return read(await this.#send(fetch), ...paths);
  }

  /** Asks for the end of the session: whether it is over at the backend. */
  async leave(fetch, token) {
    const { ok, status } = await this.#send(fetch, token);
    return ok || status === 401;
  }

  async #send(fetch, token) {
    const headers = new Headers();
    for (let at = 0; at < this.#headers.length; at += 2) headers.set(this.#headers[at], this.#headers[at + 1]);
    const [name, header] = this.#csrf;
    const value = name && cookie(name);
    if (value !== undefined) headers.set(header, value);
    if (token) headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(this.#url, { ...this.#init, headers });
    if (!(response instanceof Response)) throw response;
    return response;
  }
}

/** A response's status, how long to wait if it is an error, the server's clock, and the `fields` of its body. */
export async function read(response, ...paths) {
  const { status, ok, headers } = response;
  const now = Date.parse(headers.get("Date"));
  if (!ok) return [status, retryAfter(headers.get("Retry-After"), now || Date.now())];
  return [status, undefined, now, ...fields(await response.json().catch(() => {}), ...paths)];
}

/** The same of JSON that came without a response. */
export function given(json, ...paths) {
  return [200, undefined, undefined, ...fields(json, ...paths)];
}

/** The token, its lifetime and its end in what an auth endpoint has answered. Paths are dotted. */
function fields(json, token, expiresIn, expiresAt) {
  return [at(json, token), number(at(json, expiresIn)), moment(at(json, expiresAt))];
}

/** Follows a dotted path; `undefined` where it leads nowhere. */
function at(json, path) {
  return path.split(".").reduce((value, key) => (isObject(value) ? value[key] : undefined), json);
}

/** A number, or a text that is one. */
function number(value) {
  return typeof value === "number" || typeof value === "string" ? Number(value) : undefined;
}

/** A number, or an ISO 8601 date. */
function moment(value) {
  // `Date.parse` takes almost anything; a year and a dash keep it to ISO 8601.
  return typeof value === "string" && value[4] === "-" ? Date.parse(value) : number(value);
}

/** Milliseconds to wait (RFC 9110, section 10.2.3): seconds, or a date. */
function retryAfter(value, now) {
  if (value === null) return undefined;
  return isNaN(value) ? Date.parse(value) - now : 1000 * value;
}

function cookie(name) {
  const pairs = globalThis.document?.cookie.split(";").map((pair) => pair.trimStart());
  return pairs?.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}
