/** The page: its life, and what there is in it. */

/** Whether a person may be looking; a worker never knows. */
export const isVisible = () => globalThis.document?.visibilityState !== "hidden";

/** Whether tabs can meet here. In an insecure context they cannot. */
export const canMeet = () => 
  Boolean(globalThis.navigator?.locks && globalThis.crypto?.subtle && globalThis.BroadcastChannel);

/**
 * Listens to the page until what it returns is aborted. In a worker there is no page to listen to, but the network comes
 * and goes there too.
 */
export function watch(tell) {
  const controller = new AbortController();
  const { signal } = controller;
  const hear = ({ type, persisted }) => {
    if (persisted || !type.startsWith("page")) tell(type);
  };
  const listen = (target, ...types) => types.forEach((type) => target?.addEventListener?.(type, hear, { signal }));
  listen(globalThis, "online", "focus", "pagehide", "pageshow");
  listen(globalThis.document, "resume", "visibilitychange");
  return controller;
}
