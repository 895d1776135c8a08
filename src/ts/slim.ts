/**
 * tokenhold without WebAssembly inside, for pages that load `tokenhold/tokenhold.wasm` as a separate file and say where
 * it is.
 *
 * @packageDocumentation
 */
import { createTokenManager as create, type TokenExposure, type TokenManager } from "./manager.ts";
import type { TokenManagerOptions } from "./options.ts";
import type { AppClaims } from "./snapshot.ts";

export { isTokenholdError, TokenholdError } from "./errors.ts";
export type * from "./index.ts";

/** The options of {@link createTokenManager} in `tokenhold/slim`. */
export type SlimOptions = TokenManagerOptions & Required<Pick<TokenManagerOptions, "wasm">>;

/**
 * Creates a manager, which begins at once to restore the session.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option; `wasm-failed` if WebAssembly is missing or
 * forbidden, or if `wasm` is not the module of this version.
 */
export const createTokenManager: {
  /** Creates a manager that exposes its token by {@link TokenExposure.accessToken}. */
  <Claims = AppClaims>(options: SlimOptions & { exposeToken: true }): Promise<TokenManager<Claims> & TokenExposure>;
  /** Creates a manager, which begins at once to restore the session. */
  <Claims = AppClaims>(options: SlimOptions): Promise<TokenManager<Claims>>;
} = create;
