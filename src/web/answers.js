/**
 * Answers: what they say of the token they refuse, and what is read from those of the auth endpoints (`answer.rs`,
 * `claims.rs`).
 *
 * @typedef {number[] | ((response: Response) => unknown)} Question Statuses that say yes, or a function of the app's.
 * @typedef {{ token?: string, expiresIn?: string, expiresInUnit?: string, expiresAt?: string }} Paths
 * @typedef {{ response?: Paths | ((response: Response) => unknown), ended?: Question, identity?: string[] }} Reading How to
 *   read an answer.
 */

/** Asks about a response: by statuses, or by the app's function, which is given a copy. That is let go after it. */
export async function says(/** @type {Question} */ question, /** @type {Response} */ response) {
  if (typeof question !== "function") return question.includes(response?.status);
  const clone = response?.clone?.();
  const asked = Promise.resolve(clone).then(question);
  return asked.catch(() => false).finally(() => discard(clone));
}

/** Gives up a response that nobody will read, so that its connection is free. */
export function discard(/** @type {Response | undefined} */ response) {
  // It rejects if the stream has failed already; either way it is over.
  if (response?.body?.locked === false) response.body.cancel().catch(() => {});
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

/**
 * Where they are unless the options say otherwise. Nothing is inherited from what a script adds to all objects.
 *
 * @type {Paths}
 */
const USUAL = Object.create(null);

/** Where a function of the app's has put them. */
const AS_RETURNED = { token: "token", expiresIn: "expiresIn", expiresAt: "expiresAt" };

/** The token, its claims, its lifetime and its end, from where the dotted paths lead to in `json`. */
function fields(/** @type {unknown} */ json, /** @type {Reading} */ { response = USUAL, identity }) {
  /** @type {Paths} */
  const paths = typeof response !== "function" ? response : isObject(json) && "token" in json ? AS_RETURNED : USUAL;
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

/** @returns {value is Record<string, unknown>} */
function isObject(/** @type {unknown} */ value) {
  return typeof value === "object" && value !== null;
}
