import { TokenholdError } from "./errors.ts";
import type { LogoutOptions, RefreshOptions, ResponseShape, TokenManagerOptions } from "./options.ts";

type Fields = Record<string, unknown>;

/** Reads the value of the option `name`. Turns a wrong type into a value never in range, which the core refuses. */
type Reader = (value: unknown, name: string) => unknown;

/** A reader for each of the fields of an object. */
type Readers<Options> = { readonly [Name in keyof Required<Options>]: Reader };

const response: Reader = (value, name) =>
  fields(value, name, {
    token: text,
    expiresIn: text,
    expiresInUnit: oneOf("s", "ms"),
    expiresAt: text,
  } satisfies Readers<ResponseShape>);

const request = {
  url: (value) => (isUrl(value) ? String(value) : ""),
  method: text,
  headers: pairs,
  body,
  credentials: oneOf("include", "same-origin", "omit"),
  csrf: (value, name) => ({ cookie: "", header: "", ...fields(value, name, { cookie: text, header: text }) }),
} satisfies Partial<Readers<RefreshOptions>>;

const refresh = { ...request, response, ended: statuses, timeout: integer } satisfies Readers<RefreshOptions>;

const logout = { ...request, withToken: flag } satisfies Readers<LogoutOptions>;

const all = {
  refresh: (value, name) => withUrl(value, name, refresh),
  logout: (value, name) => withUrl(value, name, logout),
  signIn: (value, name) => fields(value, name, { response }),
  rejected: (value) => (isFunction(value) ? value : statuses(value)),
  attachTo: (value) => list(value, text),
  name: text,
  restore: flag,
  fetch: (value, name) => checked(value, name, isFunction(value), "must be a function"),
  exposeToken: flag,
  // `module.ts` has read it by now.
  wasm: () => undefined,
} satisfies Readers<TokenManagerOptions>;

/**
 * The options as `src/web/options.rs` reads them: by their names, without those that are not set. The core decides
 * whether values are in range.
 *
 * @throws {@link TokenholdError} `invalid-option` for faults that the core cannot see: unknown names, and values of
 * types that it has no place for.
 * @internal
 */
export function read(options: unknown, pageFetch: unknown): Fields {
  const known = fields(options, "", all);
  if (!known["refresh"]) fail("refresh", "is required: a URL, or an object with a url");
  return { fetch: pageFetch, ...known };
}

/** The fields of an object that are set. Refuses fields that have no reader. */
function fields(value: unknown, name: string, readers: Readers<Fields>): Fields {
  if (!isRecord(value)) fail(name || "options", "must be an object");
  const path = (key: string) => (name ? `${name}.${key}` : key);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(readers, key));
  if (unknown !== undefined) fail(path(unknown), "is unknown");
  const set = Object.entries(readers).filter(([key]) => value[key] !== undefined);
  return Object.fromEntries(set.map(([key, read]) => [key, read(value[key], path(key))]));
}

/** A request, or its URL alone. */
function withUrl(value: unknown, name: string, readers: Readers<Fields>): Fields {
  return { url: "", ...fields(isUrl(value) ? { url: value } : value, name, readers) };
}

/** Headers in any form that `fetch` takes; values must be strings. */
function pairs(headers: unknown): unknown[] {
  const bad = ["", ""];
  if (!isObject(headers)) return [bad];
  const entries: unknown[] =
    Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
  return entries.map((pair) => (isPair(pair) ? pair : bad));
}

/** The body as text, and the kind of content that it is sent as. */
function body(value: unknown, name: string): Fields {
  if (typeof value === "string") return { text: value };
  const kind = isObject(value) && Object.getPrototypeOf(value)?.constructor?.name;
  if (kind === "URLSearchParams") return { text: String(value), kind: "form" };
  if (kind === "Object" || kind === "Array") return { text: JSON.stringify(value), kind: "json" };
  return fail(name, "must be a string, URLSearchParams, or an object that is sent as JSON");
}

/** @internal */
export function flag(value: unknown, name: string): unknown {
  return checked(value, name, typeof value === "boolean", "must be a boolean");
}

function oneOf(...values: string[]): Reader {
  const problem = `must be ${values.join(" or ")}`;
  return (value, name) => checked(value, name, values.includes(value as string), problem);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function integer(value: unknown): number {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : Infinity;
}

function statuses(value: unknown): unknown[] {
  return list(value, integer);
}

function list(value: unknown, read: (entry: unknown) => unknown): unknown[] {
  return Array.isArray(value) ? value.map(read) : [read(undefined)];
}

/** @internal */
export function checked(value: unknown, name: string, isRight: boolean, problem: string): unknown {
  return isRight ? value : fail(name, problem);
}

function fail(name: string, problem: string): never {
  throw new TokenholdError("invalid-option", `option \`${name}\` ${problem}`);
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" || typeof (value as URL | null | undefined)?.href === "string";
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
