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
import { type AnyTokenManager, managerOf, RESTORING, settledStatus, type TokenSource } from "./source.ts";

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

/** The snapshot of the session, as a ref. */
export function useSession<Claims = AppClaims>(): Readonly<ShallowRef<Snapshot<Claims>>> {
  return useLive<Snapshot<Claims>>((tokens) => tokens.snapshot(), RESTORING);
}

/**
 * The status of the session, as a ref. It does not change when the token is merely renewed.
 *
 * It is `"restoring"` only until it is known whether there is a session. If the manager has to find that out anew, as
 * after Back, this status stays as it was until then; the one of the snapshot and of the manager does not.
 */
export function useStatus(): ComputedRef<Status> {
  const status = useLive(settledStatus, RESTORING.status);
  return computed(() => status.value);
}

/** The value that `read` finds in the manager after each change. */
function useLive<Value>(read: (tokens: AnyTokenManager) => Value, onServer: Value): ShallowRef<Value> {
  const tokens = useTokens();
  // Hydration needs the state of the server's HTML first; the current state follows.
  const takesOver = Boolean(getCurrentInstance()?.vnode.el);
  const live = shallowRef(takesOver ? onServer : read(tokens));
  const update = () => void (live.value = read(tokens));
  onScopeDispose(tokens.subscribe(update));
  if (takesOver) onMounted(update);
  return live;
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
