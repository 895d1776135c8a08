/**
 * tokenhold for Vue: a plugin, and composables.
 *
 * @packageDocumentation
 */
import {
  computed,
  type ComputedRef,
  getCurrentInstance,
  inject,
  type InjectionKey,
  onMounted,
  onScopeDispose,
  type Plugin,
  type ShallowRef,
  shallowRef,
} from "vue";
import type { AppClaims, EventType, Snapshot, Status, TokenEvent, TokenManager } from "../index.ts";
import { type AnyTokenManager, managerOf, RESTORING, shownSession, type TokenSource, watchSession } from "./source.ts";

export type { TokenSource } from "./source.ts";

const key: InjectionKey<AnyTokenManager> = Symbol("tokenhold");

/** The plugin for `app.use()`. It provides the manager to all components of the app. */
export function createTokenhold<Claims = AppClaims>(tokens: TokenSource<Claims>): Plugin<[]> {
  return { install: (app) => void app.provide(key, managerOf(tokens)) };
}

/**
 * The manager: `fetch`, `signIn`, `logout` and the rest. You can use it at once: calls wait until WebAssembly has
 * started. Works wherever Vue's `inject()` does: in `setup`, and in navigation guards of Vue Router. With the option
 * `exposeToken: true`, it is a `useTokens<AppClaims, TokenManager & TokenExposure>()`.
 *
 * @throws Error if the app does not use {@link createTokenhold}.
 */
export function useTokens<Claims = AppClaims, Manager = TokenManager<Claims>>(): Manager {
  const manager = inject(key, null);
  if (!manager) throw new Error("this app does not use createTokenhold()");
  return manager as Manager;
}

/**
 * The snapshot of the session, as a ref.
 *
 * Its status is `"restoring"` only until it is known whether there is a session. If the manager has to find that out anew,
 * as after Back, this snapshot stays as it was until then, or until a refresh fails; the manager's own does not.
 */
export function useSession<Claims = AppClaims>(): Readonly<ShallowRef<Snapshot<Claims>>> {
  const tokens = useTokens<Claims>();
  // Hydration needs the state of the server's HTML first; the current state follows.
  const takesOver = Boolean(getCurrentInstance()?.vnode.el);
  const session = shallowRef(takesOver ? RESTORING : shownSession(tokens));
  const update = () => void (session.value = shownSession(tokens));
  onScopeDispose(watchSession(tokens, update));
  if (takesOver) onMounted(update);
  return session;
}

/** The status of the session, as in {@link useSession}. It does not change when the token is merely renewed. */
export function useStatus(): ComputedRef<Status> {
  const session = useSession();
  return computed(() => session.value.status);
}

/**
 * The JWT's claims, **unverified**: for display, never for decisions that matter. `null` if the token is opaque or
 * there is none. They change with every new token. To watch one claim, use a `computed`.
 */
export function useClaims<Claims = AppClaims>(): ComputedRef<Claims | null> {
  const session = useSession<Claims>();
  return computed(() => session.value.claims);
}

/** Calls the handler after each such event, while the component or effect scope lives. */
export function useTokenEvent<Type extends EventType, Claims = AppClaims>(
  type: Type,
  handler: (event: TokenEvent<Type, Claims>) => void,
): void {
  onScopeDispose(useTokens<Claims>().on(type, handler));
}
