import type { EventType, JwtClaims, Snapshot, TokenEvent, TokenManager } from "../index.ts";

/**
 * Where an adapter gets the manager from: a function that makes one, the promise of one, or the manager itself.
 *
 * The function is called once for the whole page, and not when a server renders; define it outside of components. An error of it
 * is reported as uncaught, and the status is `"signed-out"` from then on.
 */
export type TokenSource<Claims = JwtClaims> =
  | (() => TokenManager<Claims> | Promise<TokenManager<Claims>>)
  | Promise<TokenManager<Claims>>
  | TokenManager<Claims>;

/** A manager on its way to an app that says what its claims are only where it asks for them. @internal */
// biome-ignore lint/suspicious/noExplicitAny: `TokenManager` takes its claims and gives them: nothing else fits all of them.
export type AnyTokenManager = TokenManager<any>;

/** As {@link AnyTokenManager}. @internal */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnySnapshot = Snapshot<any>;

/** What is known before anything is: what servers render, and what pages begin with. @internal */
export const RESTORING: Snapshot<never> = bare("restoring");

/** Whether this is a server, which has no session: a manager could not even be made there. @internal */
export const onServer = typeof location === "undefined";

const standIns = new WeakMap<object, AnyTokenManager>();

/** The manager that will come of `source`, usable from now on. The same one for the same source. @internal */
export function managerOf<Claims>(source: TokenSource<Claims>): TokenManager<Claims> {
  if ("snapshot" in source) return source;
  const manager: TokenManager<Claims> = standIns.get(source) ?? standIn(source);
  standIns.set(source, manager);
  return manager;
}

/** Stands for a manager that is still to come: its session is restoring, calls wait, and listeners are handed over. */
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
        // Nobody takes it: it is reported.
        throw error;
      },
    )
    // Each by itself: one that throws harms nobody.
    .finally(() => {
      for (const handOver of handOvers) queueMicrotask(handOver);
    });

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

/** What returns a promise, or need not return anything. */
type Later = "fetch" | "signIn" | "refresh" | "logout" | "dispose";
type Callable = Record<Later, (...args: unknown[]) => unknown>;

function bare(status: "restoring" | "signed-out"): Snapshot<never> {
  return Object.freeze({ status, claims: null, expiresAt: null });
}
