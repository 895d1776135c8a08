/**
 * tokenhold for Svelte: a manager whose status, claims and expiry are reactive, and which is a store as well.
 *
 * @packageDocumentation
 */
import { createSubscriber } from "svelte/reactivity";
import type { AppClaims, Snapshot, TokenExposure, TokenManager } from "../index.ts";
import { managerOf, shownSession, type TokenSource, watchSession } from "./source.ts";

export type { TokenSource } from "./source.ts";

/**
 * A manager for components: `tokens.status`, `.claims`, `.expiresAt` and `.snapshot()` are each reactive. An effect
 * that reads the status runs again when the status changes, and not when the token is merely renewed.
 *
 * The status is `"restoring"` only until it is known whether there is a session. If the manager has to find that out anew,
 * as after Back, all of these stay as they were until then, or until a refresh fails.
 */
export interface ReactiveTokens<Claims = AppClaims> extends TokenManager<Claims> {
  /** Svelte's store contract, for `$tokens`: calls `run` with the snapshot, now and after each change. */
  subscribe(run: (session: Snapshot<Claims>) => void): () => void;
}

/** Makes the manager of an app whose manager exposes its token. */
export function createTokenhold<Claims = AppClaims>(
  source: TokenSource<Claims, TokenManager<Claims> & TokenExposure>,
): ReactiveTokens<Claims> & TokenExposure;
/**
 * Makes the manager of an app, for one of its modules to export. You can use it at once: calls wait until WebAssembly
 * has started. On a server its status is `"restoring"`, and it holds no session.
 */
export function createTokenhold<Claims = AppClaims>(source: TokenSource<Claims>): ReactiveTokens<Claims>;
export function createTokenhold<Claims>(source: TokenSource<Claims>): ReactiveTokens<Claims> & Partial<TokenExposure> {
  const tokens: TokenManager<Claims> & Partial<TokenExposure> = managerOf(source);
  const reactive = <T>(read: () => T) => {
    const track = createSubscriber((update) => {
      let known = read();
      return watchSession(tokens, () => {
        if (Object.is(known, read())) return;
        known = read();
        update();
      });
    });
    return () => (track(), read());
  };
  const session = () => shownSession(tokens);
  const status = reactive(() => session().status);
  const claims = reactive(() => session().claims);
  const expiresAt = reactive(() => session().expiresAt);
  return {
    ready: tokens.ready,
    get status() {
      return status();
    },
    get claims() {
      return claims();
    },
    get expiresAt() {
      return expiresAt();
    },
    get signal() {
      return tokens.signal;
    },
    snapshot: reactive(session),
    subscribe(run) {
      run(session());
      return watchSession(tokens, () => run(session()));
    },
    fetch: tokens.fetch,
    signIn: (loginResponse) => tokens.signIn(loginResponse),
    refresh: () => tokens.refresh(),
    logout: () => tokens.logout(),
    ...(tokens.accessToken && { accessToken: () => tokens.accessToken!() }),
    on: (type, listener) => tokens.on(type, listener),
    intercept: (target) => tokens.intercept(target),
    dispose: () => tokens.dispose(),
    [Symbol.dispose]: () => tokens.dispose(),
  };
}
