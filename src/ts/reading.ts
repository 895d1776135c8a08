import { TokenholdError } from "./errors.ts";
import type { LogoutOptions, RefreshOptions, ResponseShape, TokenManagerOptions } from "./options.ts";

type Fields = Record<string, unknown>;

/** Checks the value of the option `name`. Returns it as `Settings` in `requests.js` has it. */
type Reader = (value: unknown, name: string) => unknown;

/** A reader for each of the fields of an object. */
type Readers<Options> = { readonly [Name in keyof Required<Options>]: Reader };

/** A token of RFC 9110, section 5.6.2: a method, or a header's name. A cookie's name is one too (RFC 6265). */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** The bytes that a header may carry. */
const VALUE = /^[\t -~]*$/;
const AUTHORIZATION = /^authorization$/i;

const path = must("be a dotted path such as data.access_token", (value) => isText(value, /^[^.]+(\.[^.]+)*$/));

const statuses = listOf("be an array of statuses from 300 to 599", (value) => isWithin(value, 300, 599));

const response: Reader = (value, name) =>
  fields(value, name, {
    token: path,
    expiresIn: path,
    expiresInUnit: oneOf("s", "ms"),
    expiresAt: path,
  } satisfies Readers<ResponseShape>);

const csrf = {
  cookie: must("be a cookie's name", (value) => isText(value, TOKEN)),
  header: must(
    "be a header's name other than Authorization",
    (value) => isText(value, TOKEN) && !isText(value, AUTHORIZATION),
  ),
} satisfies Readers<NonNullable<RefreshOptions["csrf"]>>;

const request = {
  url: must("be a URL that can be fetched", (value) => isUrl(value) && value !== ""),
  method: must(
    "be an HTTP method that fetch allows",
    (value) => isText(value, TOKEN) && !isText(value, /^(connect|trace|track)$/i),
  ),
  headers,
  body,
  credentials: oneOf("include", "same-origin", "omit"),
  csrf: (value, name) => fields({ cookie: "", header: "", ...record(value, name) }, name, csrf),
} satisfies Partial<Readers<RefreshOptions>>;

const refresh = {
  ...request,
  response,
  ended: statuses,
  timeout: must("be 1 to 600000 milliseconds", (value) => isWithin(value, 1, 600_000)),
} satisfies Readers<RefreshOptions>;

const logout = { ...request, withToken: flag } satisfies Readers<LogoutOptions>;

const all = {
  refresh: (value, name) => endpoint(value, name, refresh),
  logout: (value, name) => endpoint(value, name, logout),
  signIn: (value, name) => fields(value, name, { response }),
  rejected: (value, name) => (isFunction(value) ? value : statuses(value, name)),
  attachTo: listOf(
    "be exact origins such as https://api.example.com or http://localhost:8080: a host's name in lower-case ASCII, " +
      "without a path, without the default port",
    isOrigin,
  ),
  name: must("be a string of 1 to 100 characters", (value) => isText(value, /^.{1,100}$/su)),
  restore: flag,
  fetch: must("be a function", isFunction),
  exposeToken: flag,
  // `module.ts` has read it by now.
  wasm: () => undefined,
} satisfies Readers<TokenManagerOptions>;

/**
 * The options as `Settings` in `requests.js`.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option.
 * @internal
 */
export function read(options: unknown, pageFetch: unknown): Fields & { attachTo: readonly string[] } {
  const known = fields(options, "", all);
  const refresh = (known["refresh"] ?? fail("refresh", "is required: a URL, or an object with a url")) as Fields;
  const signIn = known["signIn"] as Fields | undefined;
  return {
    fetch: pageFetch,
    rejected: [401],
    attachTo: [origin],
    ...known,
    signIn: { response: { ...(refresh["response"] as Fields), ...(signIn?.["response"] as Fields) } },
  };
}

/** The fields of an object that are set. Refuses fields that have no reader. */
function fields(value: unknown, name: string, readers: Readers<Fields>): Fields {
  const given = record(value, name || "options");
  const path = (key: string) => (name ? `${name}.${key}` : key);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(readers, key));
  if (unknown !== undefined) fail(path(unknown), "is unknown");
  const set = Object.entries(readers).filter(([key]) => given[key] !== undefined);
  return Object.fromEntries(set.map(([key, read]) => [key, read(given[key], path(key))]));
}

/** A request, or its URL alone. */
function endpoint(value: unknown, name: string, readers: Readers<Fields>): Fields {
  const given = { url: "", ...(isUrl(value) ? { url: value } : record(value, name)) };
  const known = fields(given, name, readers);
  if (known["body"] !== undefined && isText(known["method"], /^(get|head)$/i))
    fail(`${name}.body`, "cannot be sent with GET or HEAD");
  return known;
}

/** Headers in any form that `fetch` takes. */
function headers(value: unknown, name: string): unknown {
  const iterable = isObject(value) && Symbol.iterator in value ? (value as Iterable<unknown>) : undefined;
  const pairs = iterable ? [...iterable] : isObject(value) ? Object.entries(value) : [undefined];
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && isText(pair[0], TOKEN) && isText(pair[1], VALUE);
  checked(value, name, pairs.every(isPair), "must be header names with values that HTTP can carry");
  const has = (pairs as string[][]).some(([header]) => isText(header, AUTHORIZATION));
  return has ? fail(name, "must not contain Authorization") : pairs;
}

/** The body as text, and its content type where it has one. */
function body(value: unknown, name: string): Fields {
  if (typeof value === "string") return { text: value };
  const kind = isObject(value) && Object.getPrototypeOf(value)?.constructor?.name;
  if (kind === "URLSearchParams")
    return { text: String(value), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  if (kind === "Object" || kind === "Array") return { text: JSON.stringify(value), type: "application/json" };
  return fail(name, "must be a string, URLSearchParams, or an object that is sent as JSON");
}

/** @internal */
export function flag(value: unknown, name: string): unknown {
  return checked(value, name, typeof value === "boolean", "must be a boolean");
}

function oneOf(...values: unknown[]): Reader {
  return must(`be ${values.join(" or ")}`, (value) => values.includes(value));
}

function listOf(what: string, isRight: (entry: unknown) => boolean): Reader {
  return must(what, (value) => Array.isArray(value) && value.every(isRight));
}

function must(what: string, isRight: (value: unknown) => boolean): Reader {
  return (value, name) => checked(value, name, isRight(value), `must ${what}`);
}

/** @internal */
export function checked(value: unknown, name: string, isRight: boolean, problem: string): unknown {
  return isRight ? value : fail(name, problem);
}

function record(value: unknown, name: string): Fields {
  return checked(value, name, isRecord(value), "must be an object") as Fields;
}

function fail(name: string, problem: string): never {
  throw new TokenholdError("invalid-option", `option \`${name}\` ${problem}`);
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" || typeof (value as URL | null | undefined)?.href === "string";
}

/** In the one form that browsers serialise an origin to, so that comparing text is enough (RFC 6454). */
function isOrigin(value: unknown): boolean {
  try {
    return isText(value, /^https?:\/\/[\w-]+(\.[\w-]+)*(:\d+)?$/) && new URL(value).origin === value;
  } catch {
    return false;
  }
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** @internal */
export function isRecord(value: unknown): value is Fields {
  return isObject(value) && !Array.isArray(value);
}

/** Whether it is a time: epoch milliseconds, or a date, which may be of another realm. @internal */
export function isMoment(value: unknown): boolean {
  const kind = Object.prototype.toString.call(value);
  return (
    (kind === "[object Date]" || typeof value === "number") && Number.isFinite(new Date(value as number).getTime())
  );
}

/** @internal */
export function isDuration(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** Whether it is a subject, or claims, or not set. @internal */
export function isPerson(value: unknown): boolean {
  return value === undefined || typeof value === "string" || isRecord(value);
}
