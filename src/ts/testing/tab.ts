/** The script of each simulated tab. `scripts/build/tab.mjs` makes it a function of the tab's globals. */
import { initSync, onPanic } from "#glue";
import { onInstanceFailure } from "../instance.ts";
import { Face, type TokenManager } from "../manager.ts";
import type { TokenManagerOptions } from "../options.ts";
import { pageFetch } from "../page-fetch.ts";
import { read } from "../reading.ts";

/** Starts the WebAssembly module, and makes a manager with it. */
export function start<Claims>(module: WebAssembly.Module, options: TokenManagerOptions): TokenManager<Claims> {
  initSync(module);
  onPanic(onInstanceFailure);
  return new Face<Claims>(read(options, pageFetch));
}
