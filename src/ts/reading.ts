import { TokenholdError } from "./errors.ts";

type Fields = Record<string, unknown>;

const ALL = "refresh logout signIn rejected attachTo name restore fetch exposeToken wasm";
const REQUEST = "url method headers body credentials csrf";
const REFRESH = `${REQUEST} response ended timeout`;
const LOGOUT = `${REQUEST} withToken`;
const RESPONSE = "token expiresIn expiresInUnit expiresAt";

/**
 * The options as a list, in the order in which `src/web/options.rs` reads it. What is of a wrong type becomes what is never
 * in range, where the machine will say so.
 *
 * @throws {@link TokenholdError} `invalid-option` for what it could not know: names, and what else there could be.
 * @internal
 */
export function listed(given: unknown, pageFetch: unknown): unknown[] {
  const options = object(given, "", ALL);
  if (options["refresh"] === undefined) fail("refresh", "is required: a URL, or an object with a url");
  const refresh = withUrl(options["refresh"], "refresh", REFRESH);
  const logout = withUrl(options["logout"], "logout", LOGOUT);
  const signIn = object(options["signIn"] ?? {}, "signIn", "response");
  const rejected = options["rejected"];
  flag(options, "exposeToken");
  return [
    ...request(refresh, "refresh"),
    ...response(refresh, "refresh"),
    statuses(refresh["ended"]),
    number(refresh["timeout"]),
    ...request(logout, "logout"),
    flag(logout, "withToken", "logout"),
    ...response(signIn, "signIn"),
    texts(options["attachTo"]),
    text(options["name"]),
    flag(options, "restore"),
    one(options, "fetch", isFunction, "must be a function") ?? pageFetch,
    ...(isFunction(rejected) ? [rejected] : [undefined, statuses(rejected)]),
  ];
}

function withUrl(value: unknown, name: string, known: string): Fields {
  if (value === undefined) return {};
  return { url: "", ...object(isUrl(value) ? { url: value } : value, name, known) };
}

function request(fields: Fields, name: string): unknown[] {
  const { url, method, headers, body, csrf } = fields;
  const names = csrf === undefined ? undefined : object(csrf, `${name}.csrf`, "cookie header");
  const mode = (value: unknown) => ["include", "same-origin", "omit"].includes(value as string);
  return [
    isUrl(url) ? String(url) : text(url),
    text(method),
    headers === undefined ? [] : pairs(headers).flat(),
    ...content(body, name),
    one(fields, "credentials", mode, "must be include, same-origin or omit", name),
    names && (text(names["cookie"]) ?? ""),
    names && (text(names["header"]) ?? ""),
  ];
}

function response(fields: Fields, name: string): unknown[] {
  if (fields["response"] === undefined) return [undefined, undefined, undefined, undefined];
  const at = `${name}.response`;
  const shape = object(fields["response"], at, RESPONSE);
  const unit = (value: unknown) => value === "s" || value === "ms";
  return [
    text(shape["token"]),
    text(shape["expiresIn"]),
    text(shape["expiresAt"]),
    one(shape, "expiresInUnit", unit, 'must be "s" or "ms"', at),
  ];
}

/** Headers in any form that `fetch` takes; values must be strings. */
function pairs(headers: unknown): unknown[][] {
  if (!isObject(headers)) return [["", ""]];
  const entries: unknown[] =
    Array.isArray(headers) || headers instanceof Headers ? [...headers] : Object.entries(headers);
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
  return entries.map((pair) => (isPair(pair) ? (pair as unknown[]) : ["", ""]));
}

/** The text, and whether it is JSON. */
function content(body: unknown, name: string): [text: string | undefined, isJson: boolean | undefined] {
  if (body === undefined) return [undefined, undefined];
  if (typeof body === "string") return [body, undefined];
  const kind = isObject(body) && Object.getPrototypeOf(body)?.constructor?.name;
  if (kind === "URLSearchParams") return [String(body), false];
  if (kind === "Object" || kind === "Array") return [JSON.stringify(body), true];
  return fail(`${name}.body`, "must be a string, URLSearchParams, or an object that is sent as JSON");
}

/** An object with no other fields than the known ones. */
function object(value: unknown, name: string, known: string): Fields {
  if (!isObject(value) || Array.isArray(value)) fail(name || "options", "must be an object");
  const unknown = Object.keys(value).find((key) => !known.split(" ").includes(key));
  if (unknown !== undefined) fail(path(name, unknown), "is unknown");
  return value;
}

/** A field that is one of those, if it is set. */
function one(fields: Fields, key: string, isOne: (value: unknown) => boolean, problem: string, name = ""): unknown {
  const value = fields[key];
  if (value !== undefined && !isOne(value)) fail(path(name, key), problem);
  return value;
}

function flag(fields: Fields, key: string, name?: string): unknown {
  return one(fields, key, (value) => typeof value === "boolean", "must be a boolean", name);
}

function text(value: unknown): unknown {
  return value === undefined || typeof value === "string" ? value : "";
}

function texts(list: unknown): unknown {
  return list === undefined ? undefined : Array.isArray(list) ? list.map((entry) => text(entry) ?? "") : [""];
}

function number(value: unknown): unknown {
  return value === undefined || Number.isInteger(value) ? value : 0;
}

function statuses(list: unknown): unknown {
  return list === undefined ? undefined : Array.isArray(list) ? list.map((entry) => number(entry) ?? 0) : [0];
}

function path(name: string, key: string): string {
  return name ? `${name}.${key}` : key;
}

function fail(name: string, problem: string): never {
  throw new TokenholdError("invalid-option", `option \`${name}\` ${problem}`);
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" || value instanceof URL;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
