"use client";
/**
 * tokenhold for React: a provider, and hooks that render again only when what they return has changed.
 *
 * @packageDocumentation
 */
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { EventType, JwtClaims, Snapshot, Status, TokenEvent, TokenManager } from "../index.ts";
import { type AnySnapshot, type AnyTokenManager, managerOf, onServer, RESTORING, type TokenSource } from "./source.ts";

export type { TokenSource } from "./source.ts";

/** What {@link TokenProvider} takes. */
export interface TokenProviderProps<Claims = JwtClaims> {
  /** Where the manager comes from. The first one stays; give the provider another `key` to change it. */
  tokens: TokenSource<Claims>;
  /**
   * What is shown instead of the children as long as the session is `"restoring"`: on a server, and in the page until
   * the first refresh has been answered. Without it, the children are shown at once.
   */
  fallback?: ReactNode;
  /** The app, or the part of it that has to do with the session. */
  children?: ReactNode;
}

const Context = createContext<AnyTokenManager | null>(null);

/**
 * Gives the manager to all components below. It does not end with the provider: a session outlives what is on the screen.
 */
export function TokenProvider<Claims = JwtClaims>(props: TokenProviderProps<Claims>): ReactElement {
  const [manager] = useState(() => managerOf(props.tokens));
  const { fallback, children } = props;
  const content = fallback === undefined ? children : createElement(Restored, { fallback }, children);
  return createElement(Context.Provider, { value: manager }, content);
}

function Restored({ fallback, children }: { fallback: ReactNode; children?: ReactNode }): ReactNode {
  return useStatus() === "restoring" ? fallback : children;
}

/**
 * The manager: `fetch`, `signIn`, `logout` and the rest. It is the same object in every render, also while WebAssembly is
 * still starting: calls wait for it.
 *
 * @throws Error without a {@link TokenProvider} above.
 */
export function useTokens<Claims = JwtClaims>(): TokenManager<Claims> {
  const manager = useContext(Context);
  if (!manager) throw new Error("no <TokenProvider> above");
  return manager;
}

/** What is known of the session. Renders again with every new token. */
export function useSession<Claims = JwtClaims>(): Snapshot<Claims>;
/**
 * What `select` takes from what is known of the session: `useSession((session) => session.claims?.name)`. Renders again when
 * that is another value, compared with `Object.is`; so select parts, and make no objects.
 */
export function useSession<Claims = JwtClaims, Selected = unknown>(
  select: (session: Snapshot<Claims>) => Selected,
): Selected;
export function useSession<Claims>(select: (session: Snapshot<Claims>) => unknown = whole): unknown {
  const tokens = useTokens<Claims>();
  const selected = useMemo(() => once(tokens, select), [tokens, select]);
  return useSyncExternalStore(tokens.subscribe, selected, () => select(RESTORING));
}

/** Where the session stands. Renders again when that changes, and not when the token is merely renewed. */
export function useStatus(): Status {
  return useSession(statusOf);
}

/**
 * The JWT's claims, **unverified**: for display, never for decisions that matter. `null` if the token is opaque or there
 * is none. Renders again with every new token; to show one claim, select it with {@link useSession}.
 */
export function useClaims<Claims = JwtClaims>(): Claims | null {
  return useSession<Claims, Claims | null>(claimsOf);
}

/**
 * Suspends until the first silent refresh has been answered, signed in or not; the nearest `<Suspense>` shows its fallback
 * meanwhile. For apps that are rendered in the browser only: on a server there is nothing to wait for, so it throws there,
 * and React leaves that boundary to the browser. The `fallback` of {@link TokenProvider} has neither limit.
 */
export function useReady(): void {
  const tokens = useTokens();
  if (tokens.status !== "restoring" || answered.has(tokens)) return;
  if (onServer) throw new Error("no session on servers");
  throw tokens.ready.then(() => void answered.add(tokens));
}

/** A refresh that fails is an answer too, after which the status may be `"restoring"` for long. */
const answered = new WeakSet<TokenManager>();

/** Calls the handler after each such event, while the component is mounted. It may be another function in every render. */
export function useTokenEvent<Type extends EventType, Claims = JwtClaims>(
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

/** React asks again and again: the answer must be the same until the snapshot is another one. */
function once<Claims, Selected>(tokens: TokenManager<Claims>, select: (session: Snapshot<Claims>) => Selected) {
  let seen: Snapshot<Claims> | undefined;
  let selected: Selected;
  return () => {
    const now = tokens.snapshot();
    if (now !== seen) selected = select(now);
    seen = now;
    return selected;
  };
}

function whole<Claims>(session: Snapshot<Claims>) {
  return session;
}

function statusOf({ status }: AnySnapshot) {
  return status;
}

function claimsOf<Claims>({ claims }: Snapshot<Claims>) {
  return claims;
}
