#!/bin/sh
# Authlib's OAuth 2.0 client refreshes before every single request if a token lives for a minute or less.
#
# Versions:  Authlib 1.9.10, httpx 0.28.1.
# Behaviour: the client counts a token as expired 60 seconds before its end. One that lives for 60 seconds has expired
#            when it arrives, so each request asks the token endpoint first, and rotates the refresh token each time.
#            At 61 seconds it does not. `leeway` of the client's constructor changes that.
# Output:    what three requests to the API come to.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action ignore \
  --target packages Authlib==1.9.10 httpx==0.28.1

PYTHONPATH=packages python3 -W ignore > seen <<'PY'
import time

import httpx
from authlib.integrations.httpx_client import OAuth2Client


def paths(lifetime, **options):
    seen = []

    def answer(request):
        seen.append(request.url.path)
        token = {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": lifetime}
        return httpx.Response(200, json=token)

    transport = httpx.MockTransport(answer)
    client = OAuth2Client("id", "s", token_endpoint="https://as.example/token", transport=transport, **options)
    client.token = {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_at": time.time() + lifetime}
    for _ in range(3):
        client.get("https://api.example/items")
    return " ".join(seen)


print("120 s:", paths(120))
print("60 s:", paths(60))
print("60 s, leeway 5:", paths(60, leeway=5))
PY

diff - seen <<'SEEN'
120 s: /items /items /items
60 s: /token /items /token /items /token /items
60 s, leeway 5: /items /items /items
SEEN
