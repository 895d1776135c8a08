#!/bin/sh
# Two Python libraries for JWTs disagree on both names of Ed25519.
#
# Versions:  joserfc 1.8.0, PyJWT 2.15.1, cryptography 50.0.2.
# Behaviour: joserfc verifies a token under neither name unless the caller allows it: both count as "not recommended".
#            PyJWT loads a JWK that says "EdDSA" or nothing. One that says "Ed25519", as RFC 9864 and WebCrypto have it,
#            raises an error, so a JWKS that holds one such key may not load.
# Output:    one line for each library and name, as below.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action ignore \
  --target packages joserfc==1.8.0 PyJWT==2.15.1 cryptography==50.0.2

PYTHONPATH=packages python3 -W ignore > seen <<'PY'
import jwt as pyjwt
from joserfc import jwk, jwt


def outcome(act):
    try:
        return act() or "accepted"
    except Exception as error:
        return type(error).__name__


key = jwk.OKPKey.generate_key("Ed25519")
public = key.as_dict(private=False)
for alg in ["EdDSA", "Ed25519"]:
    token = jwt.encode({"alg": alg}, {"sub": "alice"}, key, algorithms=[alg])
    print("joserfc,", alg, "by default:", outcome(lambda: jwt.decode(token, key) and None))
    print("joserfc,", alg, "allowed:", outcome(lambda: jwt.decode(token, key, algorithms=[alg]) and None))
for alg in ["EdDSA", "Ed25519", None]:
    named = {**public, "alg": alg} if alg else public
    print("PyJWT, JWK with alg", alg, "→", outcome(lambda: pyjwt.PyJWK(named).algorithm_name))
PY

diff - seen <<'SEEN'
joserfc, EdDSA by default: UnsupportedAlgorithmError
joserfc, EdDSA allowed: accepted
joserfc, Ed25519 by default: UnsupportedAlgorithmError
joserfc, Ed25519 allowed: accepted
PyJWT, JWK with alg EdDSA → EdDSA
PyJWT, JWK with alg Ed25519 → PyJWKError
PyJWT, JWK with alg None → EdDSA
SEEN
