import initialise, { onPanic } from "#glue";
import { TokenholdError } from "./errors.ts";
import { checkWasm, compiled } from "./module.ts";
import type { TokenManagerOptions } from "./options.ts";

/**
 * The one WebAssembly instance that all managers share. After a panic it cannot be trusted any more: its managers are
 * told, and the next manager gets a fresh instance.
 */
let instance: Promise<unknown> | undefined;

/** Called at once when the instance fails. Returns a function to call when the panic is over. */
type WhenOver = () => () => void;

const inhabitants = new Set<WhenOver>();

/** Resolves when the module runs: the one that the first manager was given. */
export async function running(given: TokenManagerOptions["wasm"]): Promise<void> {
  checkWasm(given);
  try {
    instance ??= compiled(given)
      .then(initialise)
      .then(() => onPanic(onInstanceFailure));
    await instance;
  } catch (cause) {
    instance = undefined;
    throw new TokenholdError("wasm-failed", `the WebAssembly module could not be started: ${reason(cause)}`, cause);
  }
}

/** Not every browser says which permission a policy lacks. */
function reason(cause: unknown): unknown {
  const isForbidden = /CSP|content.security/i.test(String(cause));
  return isForbidden ? "the Content-Security-Policy needs script-src 'wasm-unsafe-eval'" : (cause as Error)?.message;
}

/** Calls `whenOver` if the instance fails. Returns a function that ends this. */
export function inhabit(whenOver: WhenOver): () => void {
  inhabitants.add(whenOver);
  return () => void inhabitants.delete(whenOver);
}

/** Called from within the panic: do not call the instance now. @internal */
export function onInstanceFailure(): void {
  const all = [...inhabitants];
  inhabitants.clear();
  queueMicrotask(() => {
    // The first call after a panic makes the new instance.
    onPanic(onInstanceFailure);
    for (const tell of tells) tell();
  });
  const tells = all.map((whenOver) => whenOver());
}
