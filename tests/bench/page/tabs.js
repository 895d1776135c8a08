/** One of many tabs, whose contender is `#contender`: sends a request when it is ordered to, and tells what it saw. */
import { create } from "#contender";
import { countMessages } from "../../e2e/support/page/count-messages.js";
import { orders, told } from "./addresses.js";

countMessages();

globalThis.opened = (async () => {
  const client = await create({ fetch: globalThis.fetch });
  await client.restore();
  let took = 0;
  const perform = {
    async send() {
      const start = performance.now();
      await client.request();
      took = performance.now() - start;
    },
    tell: () =>
      fetch(told, {
        method: "POST",
        body: JSON.stringify({ expiresAt: client.expiresAt(), heard: window.heard, took }),
      }),
  };
  new BroadcastChannel(orders).addEventListener("message", ({ data }) => perform[data]());
})();
