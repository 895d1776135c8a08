import type { AppClaims, EventType, Snapshot, TokenEvent, TokenExposure, TokenManager } from "../index.ts";

/**
 * The source of an adapter's manager: a function that makes one, a promise of one, or the manager itself.
 *
 * The adapter calls the function once for the whole page, and not while a server renders. Define it outside of
 * components. If it fails, the adapter reports the error as uncaught, and the status stays `"signed-out"`.
 */
export type TokenSource<Claims = AppClaims, Manager = TokenManager<Claims>> =
  | (() => Manager | Promise<Manager>)
  | Promise<Manager>
  | Manager;

/** A manager between two places where the app names the type of its claims. @internal */
// biome-ignore lint/suspicious/noExplicitAny: `TokenManager` takes claims and returns them, so no other type fits them all.
export type AnyTokenManager = TokenManager<any>;

/** As {@link AnyTokenManager}. @internal */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnySnapshot = Snapshot<any>;

/** The first snapshot: servers render it, and pages begin with it. @internal */
export const RESTORING: Snapshot<never> = bare("restoring");

/** Whether this is a server. A server has no session, and cannot make a manager. @internal */
export const onServer = typeof location === "undefined";

const standIns = new WeakMap<object, AnyTokenManager>();
const shown = new WeakMap<AnyTokenManager, AnySnapshot>();

/**
 * The session to render by: `"restoring"` only until it is known who is there. When the manager has to find that out anew,
 * as after Back, the session stays as it was until then, or until that fails. So a form that somebody is filling in stays
 * as well. @internal
 */
export function shownSession<Claims>(tokens: TokenManager<Claims>): Snapshot<Claims> {
  const now = tokens.snapshot();
  if (now.status !== "restoring") shown.set(tokens, now);
  return shown.get(tokens) ?? now;
}

/** Calls back when {@link shownSession} may have changed. @internal */
export function watchSession(tokens: AnyTokenManager, update: () => void): () => void {
  const stops = [
    tokens.subscribe(update),
    tokens.on("refresh-failed", () => {
      if (tokens.status === "restoring") shown.delete(tokens);
      update();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

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
function standIn<Claims>(
  source: Exclude<TokenSource<Claims>, TokenManager<Claims>>,
): TokenManager<Claims> & TokenExposure {
  const coming = onServer ? undefined : (async () => (typeof source === "function" ? source() : source))();
  const handOvers = new Set<() => void>();
  let manager: TokenManager<Claims> | undefined;
  let early: Snapshot<Claims> = RESTORING;
  const session = new AbortController();

  const snapshot = () => {
    const now = manager?.snapshot() ?? early;
    return now.status === "restoring" ? RESTORING : now;
  };
  const on = <Type extends EventType>(type: Type, listener: (event: TokenEvent<Type, Claims>) => void) => {
    // Nothing ever happens there, and not every framework takes its listeners off.
    if (onServer) return () => {};
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
    (async (...args: unknown[]) => {
      if (!coming) throw needsBrowser(name);
      const arrived = (await coming) as Callable;
      if (!arrived[name]) throw new Error(`tokens.${name}() needs \`exposeToken: true\``);
      return arrived[name](...args);
    }) as Manager<Claims>[Name];
  const dispose = later("dispose") as () => Promise<void>;

  coming
    ?.then(
      (arrived) => {
        const { signal } = (manager = arrived);
        signal.addEventListener("abort", () => session.abort(signal.reason));
      },
      (error: unknown) => {
        early = bare("signed-out");
        // An unhandled rejection, so the browser reports it.
        throw error;
      },
    )
    // Separately: a listener that throws must not stop the others.
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
    get signal() {
      return manager?.signal ?? session.signal;
    },
    fetch: later("fetch"),
    signIn: later("signIn"),
    refresh: later("refresh"),
    logout: later("logout"),
    accessToken: later("accessToken"),
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
type Later = "fetch" | "signIn" | "refresh" | "logout" | "accessToken" | "dispose";
type Callable = Partial<Record<Later, (...args: unknown[]) => unknown>>;
type Manager<Claims> = TokenManager<Claims> & TokenExposure;

function needsBrowser(name: Later): Error {
  const message = `tokens.${name}() needs a browser: call it in an event or effect, by \`ssr = false\` or \`server: false\``;
  // `isTokenholdError` knows it by this. The class would bring the whole manager with it.
  return Object.assign(new Error(message), { name: "TokenholdError", code: "wasm-failed" });
}

function bare(status: "restoring" | "signed-out"): Snapshot<never> {
  return Object.freeze({ status, claims: null, expiresAt: null });
}
