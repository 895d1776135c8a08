#!/bin/sh
# AuthX, for FastAPI, issues tokens whose exp has a fraction, beside an iat without one.
#
# Versions:  authx 1.7.1 with its defaults.
# Behaviour: exp is a JSON number such as 1795981934.520872. RFC 7519 allows that. A reader that takes NumericDate for an
#            integer does not read it, and exp - iat is not the lifetime that was configured (15 minutes).
# Output:    the types of both claims, and whether exp is a whole number.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action ignore \
  --target packages authx==1.7.1

PYTHONPATH=packages python3 -W ignore > seen <<'PY'
import base64
import json

from authx import AuthX, AuthXConfig

auth = AuthX(config=AuthXConfig(JWT_SECRET_KEY="not a secret, but 32 bytes or more", JWT_ALGORITHM="HS256"))


def claims():
    payload = auth.create_access_token(uid="alice").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


print("iat:", type(claims()["iat"]).__name__)
print("exp:", type(claims()["exp"]).__name__)
# One in a million falls on a whole second; three in a row do not.
print("whole seconds:", all(claims()["exp"] % 1 == 0 for _ in range(3)))
PY

diff - seen <<'SEEN'
iat: int
exp: float
whole seconds: False
SEEN
