/** The first letters of the token's `jti`: a public number, which shows that all tabs hold the same token. */
export function fingerprint(claims) {
  return typeof claims?.jti === "string" ? claims.jti.replaceAll(/[^a-z0-9]/gi, "").slice(0, 6) : "opaque";
}

/** The person whom the claims name. */
export function personIn(claims) {
  return claims?.name ?? claims?.sub ?? "someone";
}

/** From issue to expiry, ms. */
export function lifetimeOf({ exp, iat }) {
  return (exp - iat) * 1000;
}
