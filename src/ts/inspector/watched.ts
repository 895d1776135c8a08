import type { TokenManagerOptions } from "../index.ts";
import { observationOf } from "./observation.ts";

/** The page's own; on a server there may be none. */
const pageFetch: typeof fetch | undefined = globalThis.fetch?.bind(globalThis);

/**
 * The same options, with a `fetch` that shows the inspector the requests that leave the manager, and their statuses:
 * refreshes, and calls that were held or replayed. Without it, the inspector sees only the calls of the manager, and
 * their outcomes.
 *
 * ```js
 * import { createTokenManager } from "tokenhold";
 * import { inspect, watched } from "tokenhold/inspector";
 *
 * const tokens = await createTokenManager(watched({ refresh: "/auth/refresh", logout: "/auth/logout" }));
 * inspect(tokens);
 * ```
 */
export function watched<Options extends TokenManagerOptions>(options: Options): Options {
  const send = options.fetch ?? pageFetch;
  if (typeof document === "undefined" || typeof send !== "function") return options;
  const { requestObserver } = observationOf(options.name ?? "default");
  requestObserver.isWatching = true;
  const fetch: typeof send = (input: Request | string, init?: RequestInit) => {
    // The manager names its own endpoints as the options do. A request of the app is a `Request` by now.
    if (typeof input !== "string") return requestObserver.departure(send, input);
    return isRefresh(options, input, init) ? requestObserver.refresh(send, input, init) : send(input, init);
  };
  return { ...options, fetch };
}

/** The two endpoints may share an address, and differ by method. */
function isRefresh(
  { refresh, logout }: TokenManagerOptions,
  url: string,
  { method = "POST" }: RequestInit = {},
): boolean {
  const isOf = (endpoint: TokenManagerOptions["refresh"] | undefined) => {
    const request = typeof endpoint === "string" || endpoint instanceof URL ? { url: endpoint } : endpoint;
    return String(request?.url) === url && (request?.method ?? "POST") === method;
  };
  return isOf(refresh) || !isOf(logout);
}
