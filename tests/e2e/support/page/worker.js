/** A worker with a manager: the first message has its options, each further one asks for a refresh. */
import { createTokenManager } from "/tokenhold/index.js";

let tokens;

onmessage = async ({ data }) => {
  if (tokens) return tokens.refresh();
  tokens = await createTokenManager({ logout: "/auth/logout", ...data });
  await tokens.ready;
  postMessage("ready");
};
