/** No library, but many tabs: a lock around the refresh, and the token itself broadcast to the other tabs. */
import { refresh, thing } from "../addresses.js";

export const name = "thirty lines";

export async function create({ fetch }) {
  let token;
  let expiresAt = 0;
  const channel = new BroadcastChannel("thirty-lines");
  channel.onmessage = ({ data }) => {
    ({ token, expiresAt } = data);
  };
  const isFresh = () => Date.now() < expiresAt;
  const renew = async () => {
    if (isFresh()) return;
    const answer = await read(await fetch(refresh, { method: "POST" }));
    token = answer.access_token;
    expiresAt = Date.now() + answer.expires_in * 1_000;
    channel.postMessage({ token, expiresAt });
  };
  const restore = async () => {
    if (!isFresh()) await navigator.locks.request("thirty-lines", renew);
  };
  return {
    restore,
    async request() {
      await restore();
      return read(await fetch(thing, { headers: { Authorization: `Bearer ${token}` } }));
    },
    expiresAt: () => expiresAt,
    end: () => channel.close(),
  };
}

function read(response) {
  if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
  return response.json();
}
