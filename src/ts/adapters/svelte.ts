/**
 * tokenhold for Svelte: a manager whose status, claims and expiry are reactive, and which is a store as well.
 *
 * @packageDocumentation
 */
import { createSubscriber } from "svelte/reactivity";
import type { JwtClaims, Snapshot, TokenManager } from "../index.ts";
import { managerOf, type TokenSource } from "./source.ts";

export type { TokenSource } from "./source.ts";

/**
 * A manager for components: `tokens.status`, `.claims`, `.expiresAt` and `.snapshot()` are each reactive. An effect
 * that reads the status runs again when the status changes, and not when the token is merely renewed.
 */
export interface ReactiveTokens<Claims = JwtClaims> extends TokenManager<Claims> {
  /** Svelte's store contract, for `$tokens`: calls `run` with the snapshot, now and after each change. */
  subscribe(run: (session: Snapshot<Claims>) => void): () => void;
}

/**
 * Makes the manager of an app, for one of its modules to export. You can use it at once: calls wait until WebAssembly
 * has started. On a server its status is `"restoring"`, and it holds no session.
 */
export function createTokenhold<Claims = JwtClaims>(source: TokenSource<Claims>): ReactiveTokens<Claims> {
  const tokens = managerOf(source);
  const reactive = <T>(read: () => T) => {
    const track = createSubscriber((update) => {
      let known = read();
      return tokens.subscribe(() => {
        if (Object.is(known, read())) return;
        known = read();
        update();
      });
    });
    return () => (track(), read());
  };
  const status = reactive(() => tokens.status);
  const claims = reactive(() => tokens.claims);
  const expiresAt = reactive(() => tokens.expiresAt);
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
    snapshot: reactive(tokens.snapshot),
    subscribe(run) {
      run(tokens.snapshot());
      return tokens.subscribe(() => run(tokens.snapshot()));
    },
    fetch: tokens.fetch,
    signIn: (loginResponse) => tokens.signIn(loginResponse),
    refresh: () => tokens.refresh(),
    logout: () => tokens.logout(),
    on: (type, listener) => tokens.on(type, listener),
    intercept: (target) => tokens.intercept(target),
    dispose: () => tokens.dispose(),
    [Symbol.dispose]: () => tokens.dispose(),
  };
}
