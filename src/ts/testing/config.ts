import { TokenholdError } from "../errors.ts";

/** The options, read from the list that `src/ts/reading.ts` makes of them, with their defaults. */
export interface Config {
  refresh: AuthRequest & { response: Shape; ended: number[]; timeout: number };
  logout: (AuthRequest & { withToken: boolean }) | undefined;
  signIn: Shape;
  /** `undefined`: the page's own origin. */
  attachTo: string[] | undefined;
  restore: boolean;
  fetch: typeof fetch;
  rejected: number[] | ((response: Response) => unknown);
}

/** A request to an auth endpoint. */
export interface AuthRequest {
  url: string;
  method: string;
  /** Names and values in turn. */
  headers: string[];
  body: string | undefined;
  credentials: RequestCredentials | undefined;
  /** A cookie's name and a header's. */
  csrf: string[];
}

/** Where the fields of an answer are. */
export interface Shape {
  token: string;
  expiresIn: string;
  expiresAt: string;
  unit: "s" | "ms";
}

/**
 * Reads the list in the order of `src/web/options.rs`, and checks it as `src/core/config.rs` does.
 *
 * @throws {@link TokenholdError} `invalid-option` for the first that is out of range.
 */
export function configOf(list: unknown[]): Config {
  const values = list.values();
  const next = <T>(byDefault: T): T => (values.next().value ?? byDefault) as T;
  const request = (): AuthRequest & { isSet: boolean } => {
    const url = next<string | undefined>(undefined);
    const method = next("POST");
    const headers = next<string[]>([]);
    const body = next<string | undefined>(undefined);
    const isJson = next<boolean | undefined>(undefined);
    const type = isJson ? "application/json" : "application/x-www-form-urlencoded;charset=UTF-8";
    const credentials = next<RequestCredentials | undefined>(undefined);
    const csrf = [next<string | undefined>(undefined), next<string | undefined>(undefined)];
    return {
      isSet: url !== undefined,
      url: url ?? "",
      method,
      headers: [...(isJson === undefined ? [] : ["Content-Type", type]), ...headers],
      body,
      credentials,
      csrf: csrf.filter((name) => name !== undefined),
    };
  };
  const shape = (byDefault: Shape): Shape => ({
    token: next(byDefault.token),
    expiresIn: next(byDefault.expiresIn),
    expiresAt: next(byDefault.expiresAt),
    unit: next(byDefault.unit),
  });
  const refresh = {
    ...request(),
    response: shape({ token: "access_token", expiresIn: "expires_in", expiresAt: "expires_at", unit: "s" }),
    ended: next([400, 401, 403]),
    timeout: next(10_000),
  };
  const logout = { ...request(), withToken: next(false) };
  const signIn = shape(refresh.response);
  const attachTo = next<string[] | undefined>(undefined);
  const name = next("default");
  const restore = next(true);
  const fetch = next(globalThis.fetch);
  const asked = next<((response: Response) => unknown) | undefined>(undefined);
  const statuses = next([401]);
  checkRequest(refresh, "refresh");
  checkShape(refresh.response, "refresh.response");
  check(isWithin(refresh.timeout, 1, 600_000), "refresh.timeout", "must be 1 to 600000 milliseconds");
  checkStatuses(refresh.ended, "refresh.ended");
  if (logout.isSet) checkRequest(logout, "logout");
  checkShape(signIn, "signIn.response");
  checkStatuses(statuses, "rejected");
  for (const origin of attachTo ?? []) check(isOrigin(origin), "attachTo", ORIGINS);
  check(isWithin([...name].length, 1, 100), "name", "must be a string of 1 to 100 characters");
  const rejected = asked ?? statuses;
  return { refresh, logout: logout.isSet ? logout : undefined, signIn, attachTo, restore, fetch, rejected };
}

/** Says that an option is wrong unless it `isRight`. */
export function check(isRight: boolean, option: string, problem: string): void {
  if (!isRight) throw new TokenholdError("invalid-option", `option \`${option}\` ${problem}`);
}

export const URL_PROBLEM = "must be a URL that can be fetched";

const ORIGINS =
  "must be exact origins such as https://api.example.com or http://localhost:8080: " +
  "a host's name in lower-case ASCII, without a path, without the default port";

function checkRequest({ url, method, headers, body, csrf }: AuthRequest, option: string): void {
  check(url !== "", `${option}.url`, URL_PROBLEM);
  const isAllowed = isToken(method) && !/^(CONNECT|TRACE|TRACK)$/i.test(method);
  check(isAllowed, `${option}.method`, "must be an HTTP method that fetch allows");
  check(body === undefined || !/^(GET|HEAD)$/i.test(method), `${option}.body`, "cannot be sent with GET or HEAD");
  const isSound = (text: string, at: number) => (at % 2 === 0 ? isToken(text) : /^[\t -~]*$/.test(text));
  check(headers.every(isSound), `${option}.headers`, "must be header names with values that HTTP can carry");
  const isAuthorization = (text: string) => text.toLowerCase() === "authorization";
  const names = headers.filter((_, at) => at % 2 === 0);
  check(!names.some(isAuthorization), `${option}.headers`, "must not contain Authorization");
  const [cookie, header] = csrf;
  if (cookie === undefined || header === undefined) return;
  check(isToken(cookie), `${option}.csrf.cookie`, "must be a cookie's name");
  const isOther = isToken(header) && !isAuthorization(header);
  check(isOther, `${option}.csrf.header`, "must be a header's name other than Authorization");
}

function checkShape({ token, expiresIn, expiresAt }: Shape, option: string): void {
  for (const [field, path] of Object.entries({ token, expiresIn, expiresAt })) {
    check(!path.split(".").includes(""), `${option}.${field}`, "must be a dotted path such as data.access_token");
  }
}

function checkStatuses(statuses: number[], option: string): void {
  const areRight = statuses.every((status) => isWithin(status, 300, 599));
  check(areRight, option, "must be an array of statuses from 300 to 599");
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** RFC 9110, section 5.6.2. */
function isToken(text: string): boolean {
  return /^[\w!#$%&'*+\-.^`|~]+$/.test(text);
}

/** As browsers serialise it; none of IPv6. */
function isOrigin(text: string): boolean {
  const host = /^https?:\/\/((?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63})(?::\d+)?$/.exec(text)?.[1] ?? "";
  return isWithin(host.length, 1, 253) && URL.canParse(text) && new URL(text).origin === text;
}
