/** Tokens that a scripted endpoint hands out. Nobody checks the signature. */
import { randomBytes } from "node:crypto";

/** A JWT with `claims`. */
export function jwt(claims) {
  return [encode({ alg: "EdDSA", typ: "JWT" }), encode(claims), randomBytes(64).toString("base64url")].join(".");
}

/** The claims of `token`, unverified. */
export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
}

/** Now in seconds, shifted by `shift`. */
export function epoch(shift = 0) {
  return Math.floor(Date.now() / 1000) + shift;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
