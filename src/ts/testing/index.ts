/**
 * The real token manager in a simulated browser, for tests, with a backend in memory and a clock that the test moves.
 * It never sends anything anywhere, and nobody can sign in with it.
 *
 * @packageDocumentation
 */
import { loadTab } from "#tab";
import { wasm } from "#wasm";
import * as errors from "../errors.ts";
import type { TokenExposure, TokenManager } from "../manager.ts";
import { checkWasm } from "../module.ts";
import type { TokenManagerOptions } from "../options.ts";
import { checked, flag, isMoment, isPerson, isRecord } from "../reading.ts";
import type { AppClaims } from "../snapshot.ts";
import { type BackendOptions, type Person, TestBackend } from "./backend.ts";
import { openBrowser } from "./browser.ts";
import { TestClock } from "./clock.ts";
import { type OtherTab, otherTabOf } from "./other-tab.ts";
import type { TestPage } from "./test-page.ts";

export type { BackendOptions, Fault, Person } from "./backend.ts";
export type { Reply, Route } from "./routes.ts";
export type { OtherTab, TestBackend, TestClock, TestPage };

/** The options of {@link createTokenManager}, each with a default, and those of the simulated world. */
export interface TestOptions<Claims = AppClaims> extends Partial<Omit<TokenManagerOptions, "fetch">> {
  /** The person signed in at the backend when the page opens: a subject, or claims. Default: nobody. */
  signedIn?: Person<Claims>;
  /** The lifetime of the backend's tokens, in seconds. With `null`, its answers do not say. Default: 300. */
  expiresIn?: number | null;
  /** Whether the backend's tokens are opaque, and so have no claims, rather than JWTs. Default: `false`. */
  opaque?: boolean;
  /** Makes the answers of the auth endpoints that have a token: see {@link BackendOptions}. */
  issue?: BackendOptions["issue"];
  /** The clock's time at the start: a date, or epoch milliseconds. Default: the real time. */
  now?: Date | number;
  /** An integer from which all random numbers come: when to refresh ahead, how long to back off. Default: 1. */
  seed?: number;
  /** Whether the page is in a secure context. If not, it has no Web Locks, and a tab works alone. Default: `true`. */
  secureContext?: boolean;
}

/** A manager for a test, and the world around it. */
export interface TestTokenManager<Claims = AppClaims, Manager = TokenManager<Claims>> {
  /** The manager that `createTokenManager` would have returned. */
  tokens: Manager;
  /** The backend that answers the requests of both tabs. */
  backend: TestBackend<Claims>;
  /** The time of both tabs and of the backend. */
  clock: TestClock;
  /** Another tab of the same browser. */
  otherTab: OtherTab<Claims, Manager>;
  /** The page that the manager runs in. */
  page: TestPage;
}

/**
 * Makes a token manager for a test that has {@link TokenExposure.accessToken}. Like one in a page, it begins at once to
 * restore the session: `await tokens.ready`.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option.
 */
export function createTestTokenManager<Claims = AppClaims>(
  options: TestOptions<Claims> & { exposeToken: true },
): TestTokenManager<Claims, TokenManager<Claims> & TokenExposure>;
/** Makes a token manager for a test, in the same way. */
export function createTestTokenManager<Claims = AppClaims>(options?: TestOptions<Claims>): TestTokenManager<Claims>;
export function createTestTokenManager<C = AppClaims>(options: TestOptions<C> = {}): TestTokenManager<C> {
  checked(options, "options", isRecord(options), "must be an object");
  const { signedIn, expiresIn, opaque, issue, now = Date.now(), seed = 1, secureContext = true, ...given } = options;
  checked(seed, "seed", Number.isSafeInteger(seed), "must be an integer");
  checked(now, "now", isMoment(now), "must be a date, or epoch milliseconds");
  checked(signedIn, "signedIn", isPerson(signedIn), "must be a subject, or claims");
  flag(secureContext, "secureContext");
  checkWasm(given.wasm);
  const clock = new TestClock(Number(now));
  const browser = openBrowser(clock, seed, secureContext);
  const auth = { refresh: "/auth/refresh", logout: "/auth/logout", ...given };
  const backend = new TestBackend<C>({ ...auth, expiresIn, opaque, issue }, () => clock.now, clock, browser.online);
  if (signedIn !== undefined) backend.signIn(signedIn);
  const real = { ...auth, fetch: backend.fetch };
  const tab = browser.openTab("visible");
  const tokens = start<C>(tab, real);
  const openOther = () => start<C>(browser.openTab("hidden"), { ...real, restore: false });
  return { tokens, backend, clock, otherTab: otherTabOf<C>(openOther, backend, clock), page: tab.document };
}

/** The compiled module, which all tabs of all tests share. */
let module: WebAssembly.Module | undefined;

/** Starts a manager in a tab that has these globals. */
function start<Claims>(globals: object, options: TokenManagerOptions): TokenManager<Claims> {
  module ??= new WebAssembly.Module(wasm!());
  return loadTab(globals, () => errors).start<Claims>(module, options);
}

/**
 * Makes only a backend, for a manager in a real page: `createTokenManager({ ..., fetch: backend.fetch })`.
 *
 * @param now its clock, in epoch milliseconds. Default: the real time.
 */
export function createTestBackend<C = AppClaims>(options: BackendOptions = {}, now = Date.now): TestBackend<C> {
  return new TestBackend<C>(options, now);
}
