/**
 * tokenhold keeps a browser app signed in without ever storing the access token.
 *
 * @packageDocumentation
 */
export { type ErrorCode, isTokenholdError, TokenholdError } from "./errors.ts";
export type { Cause, EventDetails, EventType, TokenEvent, WarningCode } from "./events.ts";
export type { Interceptable } from "./intercept.ts";
export {
  createTokenManager,
  type Login,
  type LogoutOutcome,
  type TokenExposure,
  type TokenManager,
} from "./manager.ts";
export type {
  AuthRequestOptions,
  CsrfOptions,
  FoundToken,
  LogoutOptions,
  RefreshOptions,
  RequestBody,
  RequestHeaders,
  ResponseReader,
  ResponseShape,
  TokenManagerOptions,
  WasmSource,
} from "./options.ts";
export type { AppClaims, JwtClaims, Register, Snapshot, Status } from "./snapshot.ts";
