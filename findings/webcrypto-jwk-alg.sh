#!/bin/sh
# WebCrypto writes "Ed25519" into a JWK, and jose then finds no key for a token that says EdDSA.
#
# Versions:  jose 6.2.18 on Node 20.20.2.
# Behaviour: crypto.subtle.exportKey("jwk") names the algorithm by RFC 9864, alg "Ed25519". Most issuers still sign with
#            the older name, alg "EdDSA". createLocalJWKSet compares the two names as text, so a JWKS made by WebCrypto
#            serves one name only. A JWK without alg serves both.
# Output:    one line for each token and each JWK, as below.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18

node --input-type=module > seen <<'JS'
import { SignJWT, createLocalJWKSet, jwtVerify } from "jose";

const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const exported = await crypto.subtle.exportKey("jwk", publicKey);
const { alg: _, ...nameless } = exported;
console.log(`exported with alg ${exported.alg}`);
for (const alg of ["EdDSA", "Ed25519"]) {
  const token = await new SignJWT().setProtectedHeader({ alg }).sign(privateKey);
  for (const [kind, jwk] of Object.entries({ exported, nameless })) {
    const verified = jwtVerify(token, createLocalJWKSet({ keys: [jwk] }));
    console.log(`${alg}, ${kind}: ${await verified.then(() => "verified", (error) => error.code)}`);
  }
}
JS

diff - seen <<'SEEN'
exported with alg Ed25519
EdDSA, exported: ERR_JWKS_NO_MATCHING_KEY
EdDSA, nameless: verified
Ed25519, exported: verified
Ed25519, nameless: verified
SEEN
