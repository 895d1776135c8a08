#!/bin/sh
# Werkzeug reads two challenges in one WWW-Authenticate as one, with a parameter whose name has a space.
#
# Versions:  Werkzeug 3.1.9.
# Behaviour: RFC 9110 lets a server put several challenges into one field, and RFC 9449 shows Bearer beside DPoP. The
#            second scheme becomes part of a parameter's name. With DPoP first, the Bearer's error is found under
#            "Bearer error" and not under "error", so a client does not see that its token is to be renewed.
# Output:    the scheme and the parameters that it reads.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action ignore \
  --target packages Werkzeug==3.1.9

PYTHONPATH=packages python3 > seen <<'PY'
from werkzeug.datastructures import WWWAuthenticate

for field in ['Bearer error="invalid_token", DPoP algs="ES256"', 'DPoP algs="ES256", Bearer error="invalid_token"']:
    read = WWWAuthenticate.from_header(field)
    print(read.type, dict(read.parameters))
PY

diff - seen <<'SEEN'
bearer {'error': 'invalid_token', 'DPoP algs': 'ES256'}
dpop {'algs': 'ES256', 'Bearer error': 'invalid_token'}
SEEN
