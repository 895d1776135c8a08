import type { TokenManager } from "../index.ts";

/** The options of {@link inspect}. */
export interface InspectOptions {
  /** The manager's `name`, as in its options. Default: `"default"`. */
  name?: string;
  /** Whether it starts unfolded. Default: `false`, one line in the corner. */
  open?: boolean;
}

/**
 * Adds an inspector to the corner of the page. Returns a function that removes it with everything that it has set up.
 *
 * ```js
 * import { createTokenManager } from "tokenhold";
 * import { inspect } from "tokenhold/inspector";
 *
 * const tokens = await createTokenManager({ refresh: "/auth/refresh" });
 * const remove = inspect(tokens);
 * ```
 */
export function inspect(
  tokens: TokenManager<unknown>,
  { name = "default", open = false }: InspectOptions = {},
): () => void {
  if (typeof document === "undefined") return () => {};
  const inspector = document.createElement("tokenhold-inspector");
  inspector.name = name;
  inspector.collapsed = !open;
  inspector.toggleAttribute("floating", true);
  inspector.tokens = tokens;
  (document.body ?? document.documentElement).append(inspector);
  return () => inspector.remove();
}
