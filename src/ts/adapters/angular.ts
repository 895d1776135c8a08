/**
 * tokenhold for Angular: a provider, and functions that inject the manager and signals. The interceptor for
 * `HttpClient` is in `tokenhold/angular/http`.
 *
 * @packageDocumentation
 */
import {
  computed,
  DestroyRef,
  type EnvironmentProviders,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  NgZone,
  provideAppInitializer,
  type Signal,
  signal,
} from "@angular/core";
import type { AppClaims, EventType, Snapshot, Status, TokenEvent, TokenManager } from "../index.ts";
import {
  type AnySnapshot,
  type AnyTokenManager,
  managerOf,
  shownSession,
  type TokenSource,
  watchSession,
} from "./source.ts";

export type { TokenSource } from "./source.ts";

const MANAGER = new InjectionToken<AnyTokenManager>("tokenhold");
const SESSION = new InjectionToken<Signal<AnySnapshot>>("tokenhold");

/** Provides the manager, for the `ApplicationConfig`. The app makes it when it starts, and does not wait for it. */
export function provideTokenhold<Claims = AppClaims>(tokens: TokenSource<Claims>): EnvironmentProviders {
  return makeEnvironmentProviders([
    // Its timers must not keep the app from being stable.
    { provide: MANAGER, useFactory: () => inject(NgZone).runOutsideAngular(() => managerOf(tokens)) },
    { provide: SESSION, useFactory: makeSession },
    provideAppInitializer(() => void inject(MANAGER)),
  ]);
}

/**
 * The manager: `fetch`, `signIn`, `logout` and the rest. You can use it at once: calls wait until WebAssembly has
 * started. With the option `exposeToken: true`, it is an `injectTokens<AppClaims, TokenManager & TokenExposure>()`. Must be
 * called in an injection context.
 */
export function injectTokens<Claims = AppClaims, Manager = TokenManager<Claims>>(): Manager {
  return inject(MANAGER) as Manager;
}

/**
 * The snapshot of the session, as a signal. Must be called in an injection context.
 *
 * Its status is `"restoring"` only until it is known whether there is a session. If the manager has to find that out anew,
 * as after Back, this snapshot stays as it was until then, or until a refresh fails; the manager's own does not.
 */
export function injectSession<Claims = AppClaims>(): Signal<Snapshot<Claims>> {
  return inject(SESSION);
}

/** The status of the session, as in {@link injectSession}. It does not change when the token is merely renewed. */
export function injectStatus(): Signal<Status> {
  const session = injectSession();
  return computed(() => session().status);
}

/**
 * The JWT's claims, **unverified**: for display, never for decisions that matter. `null` if the token is opaque or
 * there is none. They change with every new token. To watch one claim, use a `computed`.
 */
export function injectClaims<Claims = AppClaims>(): Signal<Claims | null> {
  const session = injectSession<Claims>();
  return computed(() => session().claims);
}

/** Calls the handler after each such event, while the component or service lives that called this. */
export function onTokenEvent<Type extends EventType, Claims = AppClaims>(
  type: Type,
  handler: (event: TokenEvent<Type, Claims>) => void,
): void {
  inject(DestroyRef).onDestroy(injectTokens<Claims>().on(type, handler));
}

function makeSession(): Signal<AnySnapshot> {
  const tokens = inject(MANAGER);
  const session = signal(shownSession(tokens));
  inject(DestroyRef).onDestroy(watchSession(tokens, () => session.set(shownSession(tokens))));
  return session.asReadonly();
}
