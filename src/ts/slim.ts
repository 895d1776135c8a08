/**
 * tokenhold with no WebAssembly inside: for those who let browsers download `tokenhold/tokenhold.wasm` on its own, and say
 * where it is.
 *
 * @packageDocumentation
 */
import { createTokenManager as create, type TokenExposure, type TokenManager } from "./manager.ts";
import type { TokenManagerOptions } from "./options.ts";
import type { JwtClaims } from "./snapshot.ts";

export { isTokenholdError, TokenholdError } from "./errors.ts";
export type * from "./index.ts";

/** What {@link createTokenManager} of `tokenhold/slim` takes. */
export type SlimOptions = TokenManagerOptions & Required<Pick<TokenManagerOptions, "wasm">>;

/**
 * Creates a manager, which begins at once to restore the session.
 *
 * @throws {@link TokenholdError} `invalid-option`, which names the option; `wasm-failed` if WebAssembly is not there or
 * not allowed, or if `wasm` is not the module of this version.
 */
export const createTokenManager: {
  /** Creates a manager that gives its token away: it has {@link TokenExposure.accessToken}. */
  <Claims = JwtClaims>(options: SlimOptions & { exposeToken: true }): Promise<TokenManager<Claims> & TokenExposure>;
  /** Creates a manager, which begins at once to restore the session. */
  <Claims = JwtClaims>(options: SlimOptions): Promise<TokenManager<Claims>>;
} = create;
