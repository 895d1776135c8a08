/** Where the session stands. */
export type Status =
  /** The manager does not know yet whether there is a session. */
  | "restoring"
  /** There is a session. */
  | "signed-in"
  /** There is no session. */
  | "signed-out";

/** The registered claims of a JWT (RFC 7519, section 4.1), and all others in it. Nothing verifies them here. */
export interface JwtClaims {
  /** The issuer. */
  readonly iss?: string;
  /** The subject: the person that the token is about. */
  readonly sub?: string;
  /** The audience: the APIs that the token is for. */
  readonly aud?: string | readonly string[];
  /** The time at which the token expires, in seconds since the epoch. */
  readonly exp?: number;
  /** The time before which no API may accept the token, in seconds since the epoch. */
  readonly nbf?: number;
  /** The time at which the token was issued, in seconds since the epoch. */
  readonly iat?: number;
  /** The token's own identifier. */
  readonly jti?: string;
  /** Any other claim. */
  readonly [claim: string]: unknown;
}

/**
 * For an app that wants to say once what its tokens claim:
 *
 * ```ts
 * declare module "tokenhold" {
 *   interface Register {
 *     claims: { sub: string; name: string };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it.
export interface Register {}

/** The claims that the app has put into {@link Register}, or else {@link JwtClaims}. */
export type AppClaims = Register extends {
  /** See {@link Register}. */
  claims: infer Claims;
}
  ? Claims
  : JwtClaims;

/** The state of the session at one moment: frozen, and the same object until something changes. */
export interface Snapshot<Claims = AppClaims> {
  /** Where the session stands. */
  readonly status: Status;
  /** The JWT's claims, unverified, frozen; `null` if the token is opaque, or there is none. */
  readonly claims: Claims | null;
  /** When the token expires, in epoch milliseconds; `null` when unknown. */
  readonly expiresAt: number | null;
}

/** @internal */
export function snapshot<Claims>(status: Status, json?: string, expiresAt: number | null = null): Snapshot<Claims> {
  return Object.freeze({ status, claims: parse<Claims>(json), expiresAt });
}

function parse<Claims>(json = "null"): Claims | null {
  try {
    return freeze(JSON.parse(json)) as Claims;
  } catch {
    return null;
  }
}

function freeze(value: unknown): unknown {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
