/**
 * A token manager for tests, with a backend in memory and a clock that the test moves. It is a fake: there is no
 * WebAssembly in it, it never sends anything anywhere, and nobody can sign in with it.
 *
 * @packageDocumentation
 */
import { Face, type TokenExposure, type TokenManager } from "../manager.ts";
import type { TokenManagerOptions } from "../options.ts";
import type { JwtClaims } from "../snapshot.ts";
import { type BackendOptions, type Person, TestBackend } from "./backend.ts";
import { TestClock } from "./clock.ts";
import { openIn } from "./glue.ts";
import { OtherTab } from "./other-tab.ts";
import { TestPage } from "./test-page.ts";

export type { BackendOptions, Fault, Person } from "./backend.ts";
export type { Reply, Route } from "./routes.ts";
export type { OtherTab, TestBackend, TestClock, TestPage };

/** The options of {@link createTokenManager}, each with a default, and what there is at the start. */
export interface TestOptions<Claims = JwtClaims> extends Partial<Omit<TokenManagerOptions, "fetch">> {
  /** Who is signed in at the backend when the page opens: a subject, or claims. Default: nobody. */
  signedIn?: Person<Claims>;
  /** The lifetime of the backend's tokens, in seconds; `null`: it does not say. Default: 300. */
  expiresIn?: number | null;
  /** Whether the backend's tokens are opaque rather than JWTs: then there are no claims. Default: `false`. */
  opaque?: boolean;
  /** What the clock says at the start: a date, or epoch milliseconds. Default: the real time. */
  now?: Date | number;
  /**
   * Numbers from 0 to 1, in the place of chance: when to refresh ahead of time, from half of a token's life to nine tenths,
   * and how long to back off. Default: always 0.5.
   */
  random?: () => number;
}

/** A manager for a test, and the world around it. */
export interface TestTokenManager<Claims = JwtClaims, Manager = TokenManager<Claims>> {
  /** The manager: what `createTokenManager` would have returned. */
  tokens: Manager;
  /** Answers its requests. */
  backend: TestBackend<Claims>;
  /** Its time. */
  clock: TestClock;
  /** Another tab of the same browser. */
  otherTab: OtherTab<Claims>;
  /** The page that it is in. */
  page: TestPage;
}

/**
 * Makes a token manager for a test that gives its token away. It begins at once to restore the session, as a real one
 * does: `await tokens.ready`.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option.
 */
export function createTestTokenManager<Claims = JwtClaims>(
  options: TestOptions<Claims> & { exposeToken: true },
): TestTokenManager<Claims, TokenManager<Claims> & TokenExposure>;
/**
 * Makes a token manager for a test. It begins at once to restore the session, as a real one does: `await tokens.ready`.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option.
 */
export function createTestTokenManager<Claims = JwtClaims>(options?: TestOptions<Claims>): TestTokenManager<Claims>;
export function createTestTokenManager<Claims = JwtClaims>(
  options: TestOptions<Claims> = {},
): TestTokenManager<Claims> {
  const { signedIn, expiresIn = 300, opaque = false, now = Date.now(), random = () => 0.5, ...given } = options;
  const its: TokenManagerOptions = { refresh: "/auth/refresh", logout: "/auth/logout", ...given };
  const clock = new TestClock(Number(now));
  const backend = new TestBackend<Claims>({ ...its, expiresIn, opaque }, clock);
  if (signedIn !== undefined) backend.signIn(signedIn);
  const [tokens, driver] = openIn({ clock, random }, () => new Face<Claims>({ ...its, fetch: backend.fetch }));
  const page = new TestPage(driver, clock);
  backend.whenOnline = () => page.online();
  return { tokens, backend, clock, otherTab: new OtherTab<Claims>(driver, backend, clock), page };
}

/**
 * Makes a backend alone, to be given to a real manager: `createTokenManager({ ..., fetch: backend.fetch })`.
 *
 * @param now its clock, in epoch milliseconds. Default: the real time.
 */
export function createTestBackend<Claims = JwtClaims>(
  options: BackendOptions = {},
  now = Date.now,
): TestBackend<Claims> {
  const clock = {
    get now() {
      return now();
    },
    watch: <T>(promise: Promise<T>) => promise,
  };
  return new TestBackend<Claims>(options, clock);
}
