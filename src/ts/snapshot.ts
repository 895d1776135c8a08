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
  /** The issuer. */
  readonly iss?: string;
  /** The subject: whom it is about. */
  readonly sub?: string;
  /** The audience: whom it is for. */
  readonly aud?: string | readonly string[];
  /** When it expires, in seconds since the epoch. */
  readonly exp?: number;
  /** Before when it must not be accepted, in seconds since the epoch. */
  readonly nbf?: number;
  /** When it was issued, in seconds since the epoch. */
  readonly iat?: number;
  /** Its own name. */
  readonly jti?: string;
  /** Whatever else the issuer has to say. */
  readonly [claim: string]: unknown;
}

/** All that can be known of the session at one moment: frozen, and the same object until something changes. */
export interface Snapshot<Claims = JwtClaims> {
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
