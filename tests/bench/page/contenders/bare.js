/** No library: one refresh, kept in a variable, and the header set by hand. The others are measured against it. */
import { refresh, thing } from "../addresses.js";

export const name = "bare fetch";

export async function create({ fetch }) {
  let token;
  const restore = () => {
    token ??= fetch(refresh, { method: "POST" })
      .then(read)
      .then((answer) => answer.access_token);
    return token;
  };
  return {
    restore,
    request: async () => read(await fetch(thing, { headers: { Authorization: `Bearer ${await restore()}` } })),
    end() {},
  };
}

function read(response) {
  if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
  return response.json();
}
