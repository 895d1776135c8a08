/**
 * tokenhold for Angular: a provider, an interceptor for `HttpClient`, and functions that inject the manager and signals.
 *
 * @packageDocumentation
 */
import { FetchBackend, HttpContextToken, type HttpInterceptorFn } from "@angular/common/http";
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
import type { EventType, JwtClaims, Snapshot, Status, TokenEvent, TokenManager } from "../index.ts";
import { managerOf, onServer, type TokenSource } from "./source.ts";

export type { TokenSource } from "./source.ts";

const MANAGER = new InjectionToken<TokenManager<any>>("tokenhold");
const SESSION = new InjectionToken<Signal<Snapshot<any>>>("tokenhold");
const BACKEND = new InjectionToken<FetchBackend>("tokenhold");

/** Set in the context of a request, {@link tokenholdInterceptor} leaves it alone. */
export const WITHOUT_TOKEN: HttpContextToken<boolean> = new HttpContextToken(() => false);

/** Gives the manager to the app, for its `ApplicationConfig`; it is made when the app starts, which does not wait for it. */
export function provideTokenhold<Claims = JwtClaims>(tokens: TokenSource<Claims>): EnvironmentProviders {
  return makeEnvironmentProviders([
    // Its timers must not keep the app from being stable.
    { provide: MANAGER, useFactory: () => inject(NgZone).runOutsideAngular(() => managerOf(tokens)) },
    { provide: SESSION, useFactory: makeSession },
    { provide: BACKEND, useFactory: makeBackend },
    provideAppInitializer(() => void inject(MANAGER)),
  ]);
}

/**
 * Sends the requests of `HttpClient` through the manager: they get the token where it may go, wait for it if need be, and
 * go once more if it is rejected. It sends them itself, by `fetch`: put it last, `withInterceptors([..., tokenholdInterceptor])`.
 * As with Angular's `withFetch()`, there is no progress of uploads. A request with {@link WITHOUT_TOKEN} goes its usual way.
 */
export const tokenholdInterceptor: HttpInterceptorFn = (request, next) =>
  onServer || request.context.get(WITHOUT_TOKEN) ? next(request) : inject(BACKEND).handle(request);

/**
 * The manager: `fetch`, `signIn`, `logout` and the rest. It can be used at once, also while WebAssembly is still starting:
 * calls wait for it. Must be called in an injection context.
 */
export function injectTokens<Claims = JwtClaims>(): TokenManager<Claims> {
  return inject(MANAGER);
}

/** What is known of the session. Must be called in an injection context. */
export function injectSession<Claims = JwtClaims>(): Signal<Snapshot<Claims>> {
  return inject(SESSION);
}

/** Where the session stands. Changes with it, and not when the token is merely renewed. */
export function injectStatus(): Signal<Status> {
  const session = injectSession();
  return computed(() => session().status);
}

/**
 * The JWT's claims, **unverified**: for display, never for decisions that matter. `null` if the token is opaque or there is
 * none. They are others with every new token; to watch one claim, make it a `computed`.
 */
export function injectClaims<Claims = JwtClaims>(): Signal<Claims | null> {
  const session = injectSession<Claims>();
  return computed(() => session().claims);
}

/** Calls the handler after each such event, as long as the component or service lives in which this is called. */
export function onTokenEvent<Type extends EventType, Claims = JwtClaims>(
  type: Type,
  handler: (event: TokenEvent<Type, Claims>) => void,
): void {
  inject(DestroyRef).onDestroy(injectTokens<Claims>().on(type, handler));
}

function makeSession(): Signal<Snapshot<any>> {
  const tokens = inject(MANAGER);
  const session = signal(tokens.snapshot());
  inject(DestroyRef).onDestroy(tokens.subscribe(() => session.set(tokens.snapshot())));
  return session.asReadonly();
}

/** Angular's own, so that requests keep their behaviour, with another `fetch`: which it takes from this field. */
function makeBackend(): FetchBackend {
  const backend = new FetchBackend();
  if (!("fetchImpl" in backend)) throw new Error("unknown version of Angular");
  return Object.assign(backend, { fetchImpl: inject(MANAGER).fetch });
}
