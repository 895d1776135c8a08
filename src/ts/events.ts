import type { AppClaims, Snapshot } from "./snapshot.ts";

/** The details of each event, beside its `type` and the `snapshot` it leaves. */
export interface EventDetails {
  /** There is a new snapshot. */
  change: object;
  /** There is a session now, or another person's. */
  "signed-in": {
    /** The way in which the token has come to this tab. */
    readonly cause: Cause;
    /**
     * Compares the person with the last one who was signed in here: nobody was (`"first"`), the same one was, or another
     * one. An opaque token does not say whose it is. So with those, each sign-in counts as another person's, and after
     * Back it is `"unknown"`, unless the tab knows of another sign-in.
     */
    readonly person: "first" | "same" | "other" | "unknown";
  };
  /** The token has been replaced by another one of the same person. */
  refreshed: {
    /** The way in which the token has come to this tab. */
    readonly cause: Exclude<Cause, "restore">;
  };
  /** The session is over: by `logout()` here, because the backend said so, or by a logout in another tab. */
  "signed-out": {
    /** `logout()` here, the backend's word, or a logout in another tab. */
    readonly reason: "logout" | "ended" | "elsewhere";
  };
  /** A refresh failed for a passing reason. The session goes on, and the token works while it is valid. */
  "refresh-failed": {
    /** The answer's HTTP status; missing if there was no answer. */
    readonly status?: number;
    /** The number of refreshes that have failed in a row, from 1. */
    readonly attempt: number;
    /** The time until the next attempt at the earliest, in milliseconds. */
    readonly retryInMs: number;
  };
  /** After `refresh-failed`: there is a new token, or there is no session any more, so that no refresh fails now. */
  recovered: object;
  /** An API wants the person to sign in again, more strongly or more recently (RFC 9470). */
  "step-up": {
    /** The authentication contexts that the API accepts, in order of preference. */
    readonly acrValues: readonly string[];
    /** The longest time since the sign-in that the API accepts, in seconds; `null` if it sets no limit. */
    readonly maxAge: number | null;
  };
  /** A problem that the developer should know of. */
  warning: {
    /** The stable name of the problem. */
    readonly code: WarningCode;
    /** The same in a sentence. */
    readonly message: string;
  };
}

/** The way in which a token has come to a tab. */
export type Cause =
  /** This tab had no token, and has refreshed. */
  | "restore"
  /** `signIn()` here. */
  | "sign-in"
  /** This tab had a token, and has renewed it. */
  | "refresh"
  /** Another tab has handed it over. */
  | "elsewhere";

/** The name of an event. */
export type EventType = keyof EventDetails;

/** An event, as listeners get it. Its `type` distinguishes the events. */
export type TokenEvent<Type extends EventType = EventType, Claims = AppClaims> = {
  [T in Type]: {
    /** The event's name. */
    readonly type: T;
    /** The snapshot after the event. */
    readonly snapshot: Snapshot<Claims>;
  } & EventDetails[T];
}[Type];

/** The problems that a warning can be about. */
export type WarningCode =
  /** The page has no Web Locks, BroadcastChannel or WebCrypto (an insecure context?), so this tab works alone. */
  | "works-alone"
  /** The backend has not confirmed the logout, so its cookie may still be good. */
  | "logout-unconfirmed"
  /**
   * The refresh was answered 403. Before you take it for the end of a session, look whether the backend refuses the request:
   * for its `Origin`, or for a CSRF token.
   */
  | "refresh-forbidden"
  /** A request to an origin that is not in `attachTo` was answered 401. Told once. */
  | "not-attached"
  /**
   * Tabs with the same option `name` refresh at another URL. They share one session here. Told once. Give each app a name of its
   * own, or none.
   */
  | "name-shared"
  /** {@link TokenManager.intercept}: another library's `XMLHttpRequest` sends its requests past ours, so they get no token. */
  | "not-intercepted"
  /** The WebAssembly module has failed, and this manager with it. Create a new one. */
  | "wasm-failed";

const warnings: Record<WarningCode, string> = {
  "works-alone": "no Web Locks, BroadcastChannel or WebCrypto (an insecure context?)",
  "refresh-forbidden": "the refresh was answered 403: is it for its Origin, or a CSRF token?",
  "not-intercepted": "another library's `XMLHttpRequest` gets no token",
  "name-shared": "tabs with this `name` have another refresh URL",
  "not-attached": "an origin that is not in `attachTo` has answered 401",
  "logout-unconfirmed": "the backend has not confirmed the logout: its cookie may still be good",
  "wasm-failed": "the WebAssembly module has failed",
};

const types: readonly string[] = [
  "change",
  "signed-in",
  "refreshed",
  "signed-out",
  "refresh-failed",
  "recovered",
  "step-up",
  "warning",
] satisfies EventType[];

/** @internal */
export type Listener = (event: never) => void;

/** The listeners of each event. @internal */
export class Listeners {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Returns a function that removes the listener. The same function may listen twice. */
  add(type: string, listener: Listener): () => void {
    if (!types.includes(type)) throw new TypeError(`there is no event "${type}"`);
    if (typeof listener !== "function") throw new TypeError("the listener must be a function");
    const own: Listener = (event) => listener(event);
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(own));
    return () => void set.delete(own);
  }

  /** If a listener throws, its error is reported as uncaught, and the others are called all the same. */
  tell(type: string, details: object | undefined, snapshot: Snapshot<unknown>): void {
    const event = Object.freeze({ type, snapshot, ...details, ...warningMessage(details) });
    const listeners = this.#listeners.get(type);
    for (const listener of [...(listeners ?? [])]) {
      try {
        // Another listener may just have removed this one.
        if (listeners?.has(listener)) listener(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }

  clear(): void {
    for (const set of this.#listeners.values()) set.clear();
  }
}

function warningMessage(details: { code?: WarningCode } | undefined) {
  return details?.code && { message: warnings[details.code] };
}
