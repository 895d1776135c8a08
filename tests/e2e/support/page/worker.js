/** A worker with a manager: its first message has the options. */
import { createTokenManager } from "/tokenhold/index.js";

self.onmessage = async ({ data }) => {
  const tokens = await createTokenManager({ logout: "/auth/logout", ...data });
  await tokens.ready;
  postMessage("ready");
};
