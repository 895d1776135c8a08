import { TokenholdError } from "./errors.ts";
import type { CsrfOptions, LogoutOptions, RefreshOptions, ResponseShape, TokenManagerOptions } from "./options.ts";

type Fields = Record<string, unknown>;

/** The options as `requests.js` takes them. @internal */
export interface Settings extends Fields {
  fetch: NonNullable<TokenManagerOptions["fetch"]>;
  attachTo: readonly string[];
  exposeToken?: boolean;
}

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

const shape = {
  token: path,
  expiresIn: path,
  expiresInUnit: oneOf("s", "ms"),
  expiresAt: path,
} satisfies Readers<ResponseShape>;

const response: Reader = orFunction((value, name) => fields(value, name, shape));

const cookie = must("be a cookie's name", (value) => isText(value, TOKEN));

const copied = {
  cookie,
  header: must(
    "be a header's name other than Authorization",
    (value) => isText(value, TOKEN) && !isText(value, AUTHORIZATION),
  ),
} satisfies Readers<CsrfOptions>;

const csrf: Reader = (value, name) => fields({ cookie: "", header: "", ...record(value, name) }, name, copied);

const request = {
  url,
  method: must(
    "be an HTTP method that fetch allows",
    (value) => isText(value, TOKEN) && !isText(value, /^(connect|trace|track)$/i),
  ),
  headers: orLater(headers),
  body: orLater(body),
  credentials: oneOf("include", "same-origin", "omit"),
  csrf,
} satisfies Partial<Readers<RefreshOptions>>;

const refresh = {
  ...request,
  response,
  ended: orFunction(statuses),
  timeout: must("be 1 to 600000 milliseconds", (value) => isWithin(value, 1, 600_000)),
} satisfies Readers<RefreshOptions>;

const logout = {
  ...request,
  withToken: flag,
  confirmed: orFunction(listOf("be an array of statuses from 200 to 599", (value) => isWithin(value, 200, 599))),
} satisfies Readers<LogoutOptions>;

const all = {
  refresh: (value, name) => endpoint(value, name, refresh),
  logout: (value, name) => endpoint(value, name, logout),
  signIn: (value, name) => fields(value, name, { response }),
  rejected: orFunction(statuses),
  attachTo: origins,
  name: must("be a string of 1 to 100 characters", (value) => isText(value, /^.{1,100}$/su)),
  restore: (value, name) => (isRecord(value) ? fields({ cookie: "", ...value }, name, { cookie }) : flag(value, name)),
  csrf,
  scheme: must("be an authentication scheme, or empty", (value) => value === "" || isText(value, TOKEN)),
  header: must("be a header's name", (value) => isText(value, TOKEN)),
  identity: must("be an array of the names of claims", (value) => isNames(value)),
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
export function read(options: unknown, pageFetch: typeof fetch | undefined): Settings {
  const known = fields(options, "", all);
  const refresh = (known["refresh"] ?? fail("refresh", "is required: a URL, or an object with a url")) as Fields;
  const { identity, restore } = known;
  const response = merged(refresh["response"], (known["signIn"] as Fields | undefined)?.["response"]);
  return own({ fetch: pageFetch!, rejected: [401], attachTo: [globalThis.origin ?? location.origin] }, known, {
    restore: isRecord(restore) ? hasCookie(restore["cookie"]) : restore,
    refresh: own(refresh, { identity }),
    signIn: own({ response, identity, ended: [] }),
  }) as Settings;
}

/** How to read an answer to a login, where only some of it is said: the rest is as in an answer to a refresh. */
function merged(refresh: unknown, signIn: unknown): unknown {
  return isRecord(refresh) && isRecord(signIn) ? own(refresh, signIn) : (signIn ?? refresh);
}

/** Whether the page can see that cookie. A worker sees none, and has to ask. */
function hasCookie(name: unknown): boolean {
  try {
    const cookies = globalThis.document?.cookie;
    return cookies === undefined || cookies.split(/; */).some((pair) => pair.startsWith(`${name}=`));
  } catch {
    // A sandboxed frame may not look.
    return false;
  }
}

/** Their own fields in one object without a prototype: what a script adds to `Object.prototype` is no option. */
function own(...given: Fields[]): Fields {
  return Object.assign(Object.create(null), ...given);
}

/** The fields of an object that are set. Refuses fields that have no reader. */
function fields(value: unknown, name: string, readers: Readers<Fields>): Fields {
  const given = record(value, name || "options");
  const path = (key: string) => (name ? `${name}.${key}` : key);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(readers, key));
  if (unknown !== undefined) fail(path(unknown), "is unknown");
  const set = own(given);
  for (const [key, read] of Object.entries(readers)) {
    if (set[key] === undefined) delete set[key];
    else set[key] = read(set[key], path(key));
  }
  return set;
}

/** A request, or its URL alone. */
function endpoint(value: unknown, name: string, readers: Readers<Fields>): Fields {
  const given = { url: "", ...(isUrl(value) ? { url: value } : record(value, name)) };
  const known = fields(given, name, readers);
  if (known["body"] !== undefined && isText(known["method"], /^(get|head)$/i))
    fail(`${name}.body`, "cannot be sent with GET or HEAD");
  return known;
}

/** A blank page has no address that completes a relative URL, and the `Request` of Node asks no page for one. */
function url(value: unknown, name: string): unknown {
  const isRight = isUrl(value) && value !== "" && isHttp(value as string);
  const isRelative = isText(value, /^(?!\w+:)./) && !isHttp("/");
  const problem = isRelative ? "absolute here: `Request` takes no relative one" : "an http or https URL";
  return checked(value, name, isRight, `must be ${problem}`);
}

function isHttp(url: string): boolean {
  try {
    return isText(new Request(url).url, /^http/);
  } catch {
    return false;
  }
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

function origins(value: unknown, name: string): unknown {
  const problem = "must be exact origins such as http://localhost:8080: lower-case ASCII, no path, no default port";
  const entries: unknown[] = Array.isArray(value) ? [...value] : [value];
  const wrong = entries.filter((entry) => !isOrigin(entry));
  const isRight = Array.isArray(value) && wrong.length === 0;
  return checked(entries, name, isRight, `${problem}; not ${JSON.stringify(wrong[0])}`);
}

/** The body as text, and its content type where it has one. */
function body(value: unknown, name: string): Fields {
  if (typeof value === "string") return own({ text: value });
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

function orFunction(read: Reader): Reader {
  return (value, name) => (isFunction(value) ? value : read(value, name));
}

/** A value, or a function that makes one for each attempt. */
function orLater(read: Reader): Reader {
  return (value, name) => (isFunction(value) ? () => read((value as () => unknown)(), name) : read(value, name));
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

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((name) => isText(name, /./));
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
