import type { TRANSPORT, Transport } from "./transport.ts";
import { managed } from "./xhr.ts";

/** The global that {@link TokenManager.intercept} patches: `globalThis`, or the window of a frame. */
export type Interceptable = Pick<typeof globalThis, "fetch"> & Partial<Pick<typeof globalThis, "XMLHttpRequest">>;

/** Sends a request of the manager: by its own `fetch`, or by a {@link Transport}. @internal */
export type Send = (input: RequestInfo | URL, init?: RequestInit & { [TRANSPORT]?: Transport }) => Promise<unknown>;

/** The ways to the manager. @internal */
export interface Manager {
  /** The origins whose requests it is to send. */
  readonly origins: readonly string[];
  readonly send: Send;
  /** Whether the manager itself sends this now, by a `fetch` of the app's that calls the page's. */
  readonly isSending: (input: RequestInfo | URL) => boolean;
  /** Tells that the requests of `XMLHttpRequest` get no token. */
  readonly warn: () => void;
}

/**
 * Sends the requests of `target` through the manager if they are for it, and leaves all others to the original. Returns
 * the undo. Replaces both or, if one of them cannot be, none.
 *
 * @internal
 */
export function intercept(target: Interceptable, { origins, send, isSending, warn }: Manager): () => void {
  let isOn = true;
  const isOurs = (input: RequestInfo | URL) =>
    isOn && !isSending(input) && origins.some((origin) => urlOf(input).startsWith(`${origin}/`));
  const managedFetch = (native: typeof fetch) =>
    ((...args) => (isOurs(args[0]) ? send(...args) : native.apply(target, args))) as typeof fetch;
  const undone: (() => void)[] = [];
  const undo = () => {
    isOn = false;
    for (const undo of undone) undo();
  };
  try {
    undone.push(replace(target, "fetch", managedFetch));
    if (target.XMLHttpRequest)
      undone.push(replace(target, "XMLHttpRequest", (native) => managed(native!, isOurs, send)));
  } catch (error) {
    undo();
    throw error;
  }
  if (target.XMLHttpRequest && !isManaged(target.XMLHttpRequest)) warn();
  return undo;
}

/** Whether the instances are of that class. Some libraries have one whose constructor returns another object. */
function isManaged(Managed: typeof XMLHttpRequest): boolean {
  return new Managed().open === Managed.prototype.open;
}

/** Returns the undo, which does nothing if other code has replaced the method meanwhile. */
function replace<Name extends keyof Interceptable>(
  target: Interceptable,
  name: Name,
  by: (native: Interceptable[Name]) => Interceptable[Name],
): () => void {
  const native = target[name];
  const ours = (target[name] = by(native));
  return () => {
    if (target[name] === ours) target[name] = native;
  };
}

/** The URL as the browser reads it; nothing if `fetch` would not accept it. */
function urlOf(input: RequestInfo | URL): string {
  try {
    return (input as Request).url ?? new Request(input).url;
  } catch {
    return "";
  }
}
