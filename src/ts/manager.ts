/// <reference lib="esnext.disposable" preserve="true" />
import { call, open } from "#glue";
import { type ErrorCode, type ErrorDetails, TokenholdError } from "./errors.ts";
import { type EventType, Listeners, type TokenEvent } from "./events.ts";
import { inhabit, running } from "./instance.ts";
import { type Interceptable, intercept } from "./intercept.ts";
import type { TokenManagerOptions } from "./options.ts";
import { pageFetch } from "./page-fetch.ts";
import { read, type Settings } from "./reading.ts";
import { type AppClaims, type Snapshot, type Status, snapshot } from "./snapshot.ts";

/** Keeps this page signed in; see {@link createTokenManager}. */
export interface TokenManager<Claims = AppClaims> extends Disposable {
  /**
   * Resolves once the first silent refresh has been answered, signed in or not, or has failed. After a failure the
   * status is still `"restoring"`. Never rejects.
   */
  readonly ready: Promise<void>;
  /** Where the session stands. */
  readonly status: Status;
  /** The JWT's claims, unverified, frozen; `null` if the token is opaque, or there is none. */
  readonly claims: Claims | null;
  /** When the token expires, in epoch milliseconds; `null` when unknown. */
  readonly expiresAt: number | null;
  /**
   * Aborts with a {@link TokenholdError} when the session of now has ended, or another person signs in, or the manager
   * is over: for streams, sockets and workers of one person. From then on, this is the signal of the next session.
   */
  readonly signal: AbortSignal;
  /**
   * Like `window.fetch`, but adds the token if the request's origin may have it. Waits for a token if one is to come.
   * If the token is rejected, refreshes it, and sends the request once more.
   *
   * @throws what `fetch` throws; {@link TokenholdError} `refresh-failed` if the token has expired and cannot be renewed
   * for now, `session-ended` if the session ended while the request waited.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /**
   * Sends a login, if it is given a function, while no tab refreshes: the answer to an earlier refresh could bring back
   * the cookie of before. Adopts what the function returns: the login endpoint's `Response`, the JSON in it, or a
   * promise of either. It takes these without a function as well. Without an argument, it exchanges the cookie that
   * the login has set.
   *
   * @throws what the function throws; {@link TokenholdError} `sign-in-failed` if there is no token in the answer, or none came
   * in time (`refresh.timeout`); without an argument, `session-ended` if the backend refuses the cookie,
   * `refresh-failed` if it does not say.
   */
  signIn(login?: Login): Promise<void>;
  /**
   * Renews the token now, or joins a refresh that is under way in any tab.
   *
   * @throws {@link TokenholdError} `session-ended` or `refresh-failed`.
   */
  refresh(): Promise<void>;
  /**
   * Signs out here and in every tab at once, then at the backend. Resolves when the backend has answered, with the
   * answer. If it does not answer, the manager gives up with a `warning` event, and the promise resolves too.
   */
  logout(): Promise<LogoutOutcome>;
  /**
   * For code that is not yours. From now on `target.fetch` and `target.XMLHttpRequest` work like {@link
   * TokenManager.fetch} for origins in `attachTo`. They send all other requests as before: those to other origins and
   * to the auth URLs, those with their own `Authorization`, and synchronous ones. Returns a function that undoes this;
   * {@link TokenManager.dispose} calls it too.
   *
   * @throws {@link TokenholdError} `disposed`, `wasm-failed`.
   */
  intercept(target: Interceptable): () => void;
  /** Calls the listener after each such event. Returns a function that removes the listener. */
  on<Type extends EventType>(type: Type, listener: (event: TokenEvent<Type, Claims>) => void): () => void;
  /** Calls the listener after each change of the snapshot. Returns a function that removes the listener. */
  subscribe(listener: () => void): () => void;
  /** All that is known now: frozen, and the same object until something changes. */
  snapshot(): Snapshot<Claims>;
  /** Ends everything: timers, listeners, locks, the channel. Promises that still wait are rejected with `disposed`. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** A login, to be sent by {@link TokenManager.signIn}; or its answer: the `Response`, the JSON in it, or a promise. */
export type Login = Answer | PromiseLike<Answer> | (() => Answer | PromiseLike<Answer>);

type Answer = Response | object;

/** The way a logout has ended at the backend. In this browser it is complete in any case. */
export interface LogoutOutcome {
  /** Whether the backend has confirmed that the session is over: see the option `logout.confirmed`. */
  readonly confirmed: boolean;
  /** The backend's answer; `null` if there was none. */
  readonly response: Response | null;
}

/** The method that `exposeToken: true` adds. */
export interface TokenExposure {
  /**
   * The raw access token, renewed first if necessary; `null` if signed out. From here on the app is responsible for
   * where the token goes.
   *
   * @throws {@link TokenholdError} `refresh-failed`, `session-ended`.
   */
  accessToken(): Promise<string | null>;
}

/**
 * Creates a manager that exposes its token by {@link TokenExposure.accessToken}. It begins at once to restore the
 * session.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option; `wasm-failed` if WebAssembly is not there or
 * not allowed.
 */
export function createTokenManager<Claims = AppClaims>(
  options: TokenManagerOptions & { exposeToken: true },
): Promise<TokenManager<Claims> & TokenExposure>;
/**
 * Creates a manager, which begins at once to restore the session.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option; `wasm-failed` if WebAssembly is not there or
 * not allowed.
 */
export function createTokenManager<Claims = AppClaims>(options: TokenManagerOptions): Promise<TokenManager<Claims>>;
export async function createTokenManager<Claims>(options: TokenManagerOptions): Promise<TokenManager<Claims>> {
  if (typeof location === "undefined") throw new TokenholdError("wasm-failed", "a token manager needs a browser");
  await running(Object.hasOwn(options ?? {}, "wasm") ? options.wasm : undefined);
  return new Face<Claims>(read(options, pageFetch));
}

/** The commands that a manager takes: the numbers are those of `call` in `src/web/bindings.rs`. */
const enum Command {
  start,
  ready,
  fetch,
  signIn,
  refresh,
  logout,
  accessToken,
  dispose,
}

/**
 * Each method is bound, so that an app can pass it on by itself, for example as an event handler.
 *
 * @internal
 */
export class Face<Claims> implements TokenManager<Claims> {
  readonly ready: Promise<void>;
  /** The manager's number within the instance. */
  readonly #manager: number;
  readonly #listeners = new Listeners();
  readonly #waiting = new Set<(error: TokenholdError) => void>();
  readonly #moveOut: () => void;
  readonly #undo = new Set<() => void>();
  /** The requests that the manager has sent. */
  readonly #sending = new WeakSet<object>();
  #isCalling = false;
  readonly #origins: readonly string[];
  #snapshot: Snapshot<Claims> = snapshot("restoring");
  #session = new AbortController();
  #over: ErrorCode | undefined;
  /** The events that wait until the app can listen; `undefined` from then on. */
  #early: (() => void)[] | undefined = [];

  constructor(settings: Settings) {
    const { fetch } = settings;
    settings.fetch = (input, init) => {
      if (typeof input === "object") this.#sending.add(input);
      return this.#natively(() => fetch(input, init));
    };
    this.#manager = open(settings, {
      error: makeError,
      snapshot: (isOver: boolean, status: Status, claims?: string, expiresAt?: number) => {
        this.#snapshot = snapshot(status, claims, expiresAt);
        if (isOver) this.#abort("session-ended");
      },
      event: (type: EventType, details: object) => this.#tell(type, details),
    });
    this.#origins = settings.attachTo;
    if (settings.exposeToken) Object.assign(this, { accessToken: () => this.#call(Command.accessToken) });
    this.#moveOut = inhabit(() => this.#fail());
    this.ready = this.#call<void>(Command.ready).catch(() => {});
    this.#call(Command.start).catch(() => {});
    setTimeout(() => {
      const early = this.#early;
      this.#early = undefined;
      for (const tell of early ?? []) tell();
    });
  }

  get status(): Status {
    return this.#snapshot.status;
  }

  get claims(): Claims | null {
    return this.#snapshot.claims;
  }

  get expiresAt(): number | null {
    return this.#snapshot.expiresAt;
  }

  get signal(): AbortSignal {
    return this.#session.signal;
  }

  fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => this.#call(Command.fetch, input, init);

  signIn = async (login?: Login): Promise<void> => {
    const given = typeof login === "function" ? () => this.#natively(login as () => unknown) : login;
    return this.#call(Command.signIn, isThenable(given) ? await given : given);
  };

  refresh = (): Promise<void> => this.#call(Command.refresh);

  logout = async (): Promise<LogoutOutcome> =>
    (await this.#call<LogoutOutcome | undefined>(Command.logout)) ?? { confirmed: false, response: null };

  intercept = (target: Interceptable): (() => void) => {
    if (this.#over) throw overError(this.#over);
    const undo = intercept(target, {
      origins: this.#origins,
      send: (...request) => this.fetch(...request),
      isSending: (input) => this.#isCalling || this.#sending.has(input as object),
      warn: () => this.#tell("warning", { code: "not-intercepted" }),
    });
    this.#undo.add(undo);
    return undo;
  };

  on = <Type extends EventType>(type: Type, listener: (event: TokenEvent<Type, Claims>) => void): (() => void) =>
    this.#listeners.add(type, listener);

  subscribe = (listener: () => void): (() => void) => this.#listeners.add("change", () => listener());

  snapshot = (): Snapshot<Claims> => this.#snapshot;

  dispose = (): void => {
    if (this.#over) return;
    this.#listeners.clear();
    this.#end("disposed");
    call(this.#manager, Command.dispose, ignore, ignore, undefined, undefined);
    this.#abort("disposed");
  };

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Calls the app's own function. The requests that it makes at once are none for the manager: see `intercept.ts`. */
  #natively<T>(call: () => T): T {
    this.#isCalling = true;
    try {
      return call();
    } finally {
      this.#isCalling = false;
    }
  }

  /** Calls into the instance. Also rejects the promise if the instance has failed, or fails during the call. */
  #call<T>(command: Command, input?: unknown, init?: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#over) return reject(overError(this.#over));
      this.#waiting.add(reject);
      const settling =
        <V>(settle: (value: V) => void) =>
        (value: V) => {
          this.#waiting.delete(reject);
          settle(value);
        };
      try {
        call(this.#manager, command, settling(resolve), settling(reject), input, init);
      } catch (cause) {
        settling(reject)(overError("wasm-failed", cause));
      }
    });
  }

  /** Ends what is tied to the session of until now. */
  #abort(code: ErrorCode): void {
    const session = this.#session;
    if (!this.#over) this.#session = new AbortController();
    session.abort(overError(code));
  }

  #tell(type: EventType, details?: object): void {
    const tell = () => this.#listeners.tell(type, details, this.#snapshot);
    if (this.#early) this.#early.push(tell);
    else tell();
  }

  #fail(): () => void {
    this.#end("wasm-failed");
    return () => {
      this.#snapshot = snapshot("signed-out");
      this.#abort("wasm-failed");
      this.#tell("warning", { code: "wasm-failed" });
      this.#tell("change");
    };
  }

  #end(code: ErrorCode): void {
    this.#over = code;
    for (const undo of this.#undo) undo();
    this.#moveOut();
    for (const reject of this.#waiting) reject(overError(code));
    this.#waiting.clear();
  }
}

function ignore(): void {}

/** A promise of another realm or library is one as well. */
function isThenable(value: unknown): value is PromiseLike<Response | object> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

const endings = {
  disposed: "the token manager has been disposed of",
  "session-ended": "the session has ended",
  "wasm-failed": "the WebAssembly module has failed",
};

function overError(code: ErrorCode, cause?: unknown): TokenholdError {
  return new TokenholdError(code, endings[code as keyof typeof endings], cause);
}

function makeError(code: ErrorCode, message: string, details: ErrorDetails, cause: unknown): TokenholdError {
  const { status, url } = details;
  const answer = status && `HTTP status ${status}`;
  const known = [answer, url].filter(Boolean).join(", ");
  const text = known ? `${message} (${known})` : message;
  return Object.assign(new TokenholdError(code, text, answer ? new Error(answer) : cause), details);
}
