const CHANNEL = "sample-page";

/** Tells all other open tabs of this page to do something; `hearer` is called when one of them does. */
export function broadcast(hearer) {
  let channel = null;
  const open = () => {
    channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = hearer;
  };
  // An open channel that receives a message would evict this page from the back/forward cache.
  addEventListener("pagehide", () => channel.close());
  addEventListener("pageshow", ({ persisted }) => persisted && open());
  open();
  return () => channel.postMessage(null);
}
