/** What runs in each tab of a test, as in a page: `scripts/build/tab.mjs` makes it a function of the tab's globals. */
import { initSync, onPanic } from "#glue";
import { onInstanceFailure } from "../instance.ts";
import { Face, type TokenManager } from "../manager.ts";
import type { TokenManagerOptions } from "../options.ts";

/** Starts the module, and a manager in it. */
export function start<Claims>(module: WebAssembly.Module, options: TokenManagerOptions): TokenManager<Claims> {
  initSync(module);
  onPanic(onInstanceFailure);
  return new Face<Claims>(options);
}
