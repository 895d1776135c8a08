import initialise, { onPanic } from "#glue";
import { TokenholdError } from "./errors.ts";
import { checkWasm, compiled } from "./module.ts";
import type { TokenManagerOptions } from "./options.ts";

/**
 * The one WebAssembly instance that all managers share. When it panics, it cannot be trusted any more: whoever is in it
 * is told, and the next manager finds a fresh one.
 */
let instance: Promise<unknown> | undefined;

/** Called at once when the instance fails; returns what is to be done when that is over. */
type WhenOver = () => () => void;

const inhabitants = new Set<WhenOver>();

/** Resolves once the module runs: that which the first manager was given. */
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

/** Browsers do not all say what a policy lacks. */
function reason(cause: unknown): unknown {
  const isForbidden = /CSP|content.security/i.test(String(cause));
  return isForbidden ? "the Content-Security-Policy needs script-src 'wasm-unsafe-eval'" : (cause as Error)?.message;
}

/** Calls `whenOver` if the instance fails; returns what ends that. */
export function inhabit(whenOver: WhenOver): () => void {
  inhabitants.add(whenOver);
  return () => void inhabitants.delete(whenOver);
}

/** Called from within the panic: nothing of the instance may be called now. @internal */
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
