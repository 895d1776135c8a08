import type { EventType, JwtClaims, Snapshot, TokenEvent, TokenManager } from "../index.ts";

/**
 * The source of an adapter's manager: a function that makes one, a promise of one, or the manager itself.
 *
 * The adapter calls the function once for the whole page, and not while a server renders. Define it outside of
 * components. If it fails, the adapter reports the error as uncaught, and the status stays `"signed-out"`.
 */
export type TokenSource<Claims = JwtClaims> =
  | (() => TokenManager<Claims> | Promise<TokenManager<Claims>>)
  | Promise<TokenManager<Claims>>
  | TokenManager<Claims>;

/** The first snapshot: servers render it, and pages begin with it. @internal */
export const RESTORING: Snapshot<never> = bare("restoring");

/** Whether this is a server. A server has no session, and cannot make a manager. @internal */
export const onServer = typeof location === "undefined";

const standIns = new WeakMap<object, TokenManager<any>>();

/** The manager of `source`, usable before it exists. Returns the same object for the same source. @internal */
export function managerOf<Claims>(source: TokenSource<Claims>): TokenManager<Claims> {
  if ("snapshot" in source) return source;
  const manager: TokenManager<Claims> = standIns.get(source) ?? standIn(source);
  standIns.set(source, manager);
  return manager;
}

/**
 * Stands in for a manager that is not made yet: the session is restoring, calls wait, and listeners are handed over.
 */
function standIn<Claims>(source: Exclude<TokenSource<Claims>, TokenManager<Claims>>): TokenManager<Claims> {
  const make = async () => (typeof source === "function" ? source() : source);
  const coming = onServer ? undefined : make();
  const handOvers = new Set<() => void>();
  let manager: TokenManager<Claims> | undefined;
  let early: Snapshot<Claims> = RESTORING;

  const snapshot = () => {
    const now = manager?.snapshot() ?? early;
    return now.status === "restoring" ? RESTORING : now;
  };
  const on = <Type extends EventType>(type: Type, listener: (event: TokenEvent<Type, Claims>) => void) => {
    if (manager) return manager.on(type, listener);
    let off: (() => void) | undefined;
    const handOver = () => {
      if (!handOvers.has(handOver)) return;
      off = manager?.on(type, listener);
      if (type === "change" && snapshot() !== RESTORING) listener({ type, snapshot: snapshot() } as never);
    };
    handOvers.add(handOver);
    return () => {
      handOvers.delete(handOver);
      off?.();
    };
  };
  const later = <Name extends Later>(name: Name) =>
    (async (...args: unknown[]) =>
      ((await (coming ?? make())) as Callable)[name](...args)) as TokenManager<Claims>[Name];
  const dispose = later("dispose") as () => Promise<void>;

  coming
    ?.then(
      (arrived) => (manager = arrived),
      (error: unknown) => {
        early = bare("signed-out");
        // An unhandled rejection, so the browser reports it.
        throw error;
      },
    )
    // Separately: a listener that throws must not stop the others.
    .finally(() => handOvers.forEach((handOver) => queueMicrotask(handOver)));

  return {
    ready: Promise.resolve(
      coming?.then(
        ({ ready }) => ready,
        () => {},
      ),
    ),
    get status() {
      return snapshot().status;
    },
    get claims() {
      return snapshot().claims;
    },
    get expiresAt() {
      return snapshot().expiresAt;
    },
    fetch: later("fetch"),
    signIn: later("signIn"),
    refresh: later("refresh"),
    logout: later("logout"),
    on,
    subscribe: (listener) => on("change", () => listener()),
    snapshot,
    intercept(target) {
      const undo = coming?.then(
        (arrived) => arrived.intercept(target),
        () => {},
      );
      return () => void undo?.then((undo) => undo?.());
    },
    dispose: () => void dispose().catch(() => {}),
    [Symbol.dispose]() {
      this.dispose();
    },
  };
}

/** A function that may return a promise, or nothing. */
type Later = "fetch" | "signIn" | "refresh" | "logout" | "dispose";
type Callable = Record<Later, (...args: unknown[]) => unknown>;

function bare(status: "restoring" | "signed-out"): Snapshot<never> {
  return Object.freeze({ status, claims: null, expiresAt: null });
}
