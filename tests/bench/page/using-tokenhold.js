/** The clients of tokenhold, whichever commit has made it. */
import { refresh, thing } from "./addresses.js";

let groups = 0;

/** @param {typeof import("tokenhold").createTokenManager} createTokenManager */
export const using = (createTokenManager) =>
  async function create({ fetch }) {
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
  };
