/** Where the session stands. */
export type Status =
  /** It is not known yet whether there is a session. */
  | "restoring"
  /** There is one. */
  | "signed-in"
  /** There is none. */
  | "signed-out";

/** The registered claims of a JWT (RFC 7519, section 4.1), and whatever else is in it. Nothing of it is verified here. */
export interface JwtClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [claim: string]: unknown;
}

/** What can be known of the session at one moment: frozen, and the same object until something changes. */
export interface Snapshot<Claims = JwtClaims> {
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
