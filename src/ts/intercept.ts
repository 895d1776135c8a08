import type { TRANSPORT, Transport } from "./transport.ts";
import { managed } from "./xhr.ts";

/** The global that {@link TokenManager.intercept} patches: `globalThis`, or the window of a frame. */
export type Interceptable = Pick<typeof globalThis, "fetch"> & Partial<Pick<typeof globalThis, "XMLHttpRequest">>;

/** Sends a request of the manager: by its own `fetch`, or by a {@link Transport}. @internal */
export type Send = (input: RequestInfo | URL, init?: RequestInit & { [TRANSPORT]?: Transport }) => Promise<unknown>;

/**
 * Sends the requests of `target` to `origins` through `send`, and leaves all others to the original. Returns the undo.
 *
 * @internal
 */
export function intercept(target: Interceptable, origins: readonly string[], send: Send): () => void {
  let isOn = true;
  const isOurs = (input: RequestInfo | URL) => isOn && origins.some((origin) => urlOf(input).startsWith(`${origin}/`));
  const managedFetch = (native: typeof fetch) =>
    ((...args) => (isOurs(args[0]) ? send(...args) : native.apply(target, args))) as typeof fetch;
  const undone = [replace(target, "fetch", managedFetch)];
  if (target.XMLHttpRequest) undone.push(replace(target, "XMLHttpRequest", (native) => managed(native!, isOurs, send)));
  return () => {
    isOn = false;
    for (const undo of undone) undo();
  };
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
