import type { TokenManagerOptions } from "../index.ts";
import { observationOf } from "./observation.ts";

/** The page's own; on a server there may be none. */
const pageFetch: typeof fetch | undefined = globalThis.fetch?.bind(globalThis);

/**
 * The same options, with a `fetch` that shows the inspector which requests leave the manager, and what status comes
 * back: refreshes, and calls that were held or replayed. Without it, the inspector sees only what goes into the manager
 * and what comes out of it.
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
    // The manager names its own endpoints as the options do; what the app sends is a request by now.
    if (typeof input !== "string") return requestObserver.departure(send, input);
    return isRefresh(options, input, init) ? requestObserver.refresh(send, input, init) : send(input, init);
  };
  return { ...options, fetch };
}

/** One address may serve for both, by different methods. */
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
