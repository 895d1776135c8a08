"use client";
/**
 * tokenhold for React: a provider, and hooks that render again only when what they return has changed.
 *
 * @packageDocumentation
 */
import {
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { AppClaims, EventType, Snapshot, Status, TokenEvent, TokenManager } from "../index.ts";
import {
  type AnySnapshot,
  type AnyTokenManager,
  managerOf,
  onServer,
  RESTORING,
  shownSession,
  type TokenSource,
  watchSession,
} from "./source.ts";

export type { TokenSource } from "./source.ts";

/** The props of {@link TokenProvider}. */
export interface TokenProviderProps<Claims = AppClaims> {
  /** The source of the manager. The provider keeps the first one; give it another `key` to change it. */
  tokens: TokenSource<Claims>;
  /**
   * Shown instead of the children until it is known whether there is a session: on a server, and in the page until the
   * first refresh has been answered. Without it, the provider shows the children at once.
   */
  fallback?: ReactNode;
  /** The app, or the part of it that uses the session. */
  children?: ReactNode;
}

const Context = createContext<AnyTokenManager | null>(null);

/**
 * Provides the manager to all components below. The manager does not end with the provider: a session outlives the
 * screen. When another person signs in, the provider mounts its children anew, so that nothing that they keep for the
 * one is shown to the other.
 */
export function TokenProvider<Claims = AppClaims>(props: TokenProviderProps<Claims>): ReactElement {
  const [manager] = useState(() => managerOf(props.tokens));
  const { fallback, children } = props;
  return createElement(Context.Provider, { value: manager }, createElement(Session, { fallback }, children));
}

function Session({ fallback, children }: Pick<TokenProviderProps, "fallback" | "children">): ReactNode {
  const isKnown = useStatus() !== "restoring" || fallback === undefined;
  return createElement(Fragment, { key: usePerson() }, isKnown ? children : fallback);
}

/** A number that changes in the same moment as the snapshot when another person has signed in. */
function usePerson(): number {
  const tokens = useTokens();
  const people = useRef(0);
  const count = () => people.current;
  const subscribe = useCallback(
    (update: () => void) =>
      tokens.on("signed-in", ({ person }) => {
        if (person === "other") people.current++;
        update();
      }),
    [tokens],
  );
  return useSyncExternalStore(subscribe, count, count);
}

/**
 * The manager: `fetch`, `signIn`, `logout` and the rest. It is the same object in every render. Calls wait until
 * WebAssembly has started. With the option `exposeToken: true`, it is a
 * `useTokens<AppClaims, TokenManager & TokenExposure>()`.
 *
 * @throws Error without a {@link TokenProvider} above.
 */
export function useTokens<Claims = AppClaims, Manager = TokenManager<Claims>>(): Manager {
  const manager = useContext(Context);
  if (!manager) throw new Error("no <TokenProvider> above");
  return manager as Manager;
}

/**
 * The snapshot of the session. Renders again with every new token.
 *
 * Its status is `"restoring"` only until it is known whether there is a session. If the manager has to find that out anew,
 * as after Back, this snapshot stays as it was until then, or until a refresh fails; the manager's own does not.
 */
export function useSession<Claims = AppClaims>(): Snapshot<Claims>;
/**
 * The part of the snapshot that `select` returns: `useSession((session) => session.claims?.name)`. Renders again when
 * that value changes, by `Object.is`. So select a part, and do not build an object.
 */
export function useSession<Claims = AppClaims, Selected = never>(
  select: (session: Snapshot<Claims>) => Selected,
): Selected;
export function useSession<Claims>(select: (session: Snapshot<Claims>) => unknown = whole): unknown {
  const tokens = useTokens<Claims>();
  const selected = useMemo(() => once(tokens, select), [tokens, select]);
  const subscribe = useCallback((update: () => void) => watchSession(tokens, update), [tokens]);
  return useSyncExternalStore(subscribe, selected, () => select(RESTORING));
}

/** The status of the session, as in {@link useSession}. Renders again when it changes, and not when the token is merely renewed. */
export function useStatus(): Status {
  return useSession(statusOf);
}

/**
 * The JWT's claims, **unverified**: for display, never for decisions that matter. `null` if the token is opaque or
 * there is none. Renders again with every new token; to show one claim, select it with {@link useSession}.
 */
export function useClaims<Claims = AppClaims>(): Claims | null {
  return useSession<Claims, Claims | null>(claimsOf);
}

/**
 * Suspends until the first silent refresh has been answered, signed in or not. The nearest `<Suspense>` shows its
 * fallback meanwhile. Use it in apps that render in the browser only: on a server it throws, because there is no
 * session to wait for, and React leaves that boundary to the browser. The `fallback` of {@link TokenProvider} works on
 * a server too.
 */
export function useReady(): void {
  const tokens = useTokens();
  if (tokens.status !== "restoring" || answered.has(tokens)) return;
  if (onServer) throw new Error("no session on servers");
  throw tokens.ready.then(() => void answered.add(tokens));
}

/** A failed refresh also counts as answered. After it, the status may stay `"restoring"` for long. */
const answered = new WeakSet<TokenManager>();

/** Calls the handler after each such event, while the component is mounted. The handler may change in every render. */
export function useTokenEvent<Type extends EventType, Claims = AppClaims>(
  type: Type,
  handler: (event: TokenEvent<Type, Claims>) => void,
): void {
  const tokens = useTokens<Claims>();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => tokens.on(type, (event) => latest.current(event)), [tokens, type]);
}

/** React calls this repeatedly: the result must stay the same until the snapshot changes. */
function once<Claims, Selected>(tokens: TokenManager<Claims>, select: (session: Snapshot<Claims>) => Selected) {
  let seen: Snapshot<Claims> | undefined;
  let selected: Selected;
  return () => {
    const now = shownSession(tokens);
    if (now !== seen) selected = select(now);
    seen = now;
    return selected;
  };
}

function whole<Claims>(session: Snapshot<Claims>) {
  return session;
}

function statusOf({ status }: AnySnapshot): Status {
  return status;
}

function claimsOf<Claims>({ claims }: Snapshot<Claims>) {
  return claims;
}
