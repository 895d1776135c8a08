/** With a refresh token in sessionStorage, its default. The server's page has put it there, as an earlier sign-in would have. */
import { UserManager } from "oidc-client-ts";
import { client_id, thing } from "../addresses.js";

export const name = "oidc-client-ts";

export async function create({ fetch }) {
  // It has no option for it.
  globalThis.fetch = fetch;
  const manager = new UserManager({ authority: location.origin, client_id, redirect_uri: location.href });
  const user = async () => {
    const found = await manager.getUser();
    return found && !found.expired ? found : manager.signinSilent();
  };
  return {
    restore: user,
    async request() {
      const { access_token } = await user();
      const response = await fetch(thing, { headers: { Authorization: `Bearer ${access_token}` } });
      if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
      return response.json();
    },
    end: () => manager.stopSilentRenew(),
  };
}
