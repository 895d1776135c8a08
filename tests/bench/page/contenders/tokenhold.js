import { createTokenManager } from "tokenhold";
import { refresh, thing } from "../addresses.js";

export const name = "tokenhold";

let groups = 0;

export async function create({ fetch }) {
  // Managers of one name would share a token, in this page as between tabs.
  const tokens = await createTokenManager({ refresh, fetch, name: `bench-${++groups}` });
  return {
    restore: () => tokens.ready,
    async request() {
      const response = await tokens.fetch(thing);
      if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
      return response.json();
    },
    expiresAt: () => tokens.expiresAt,
    end: () => tokens.dispose(),
  };
}
