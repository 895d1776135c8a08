import type { TokenManager } from "../index.ts";

/** How {@link inspect} begins. */
export interface InspectOptions {
  /** The manager's `name`, as in its options. Default: `"default"`. */
  name?: string;
  /** Whether it is unfolded. Default: `false`, one line in the corner. */
  open?: boolean;
}

/**
 * Adds an inspector to the corner of the page. Returns what removes it, and everything that it has set up.
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
