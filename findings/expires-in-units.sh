#!/bin/sh
# The option expiresIn of two JWT libraries for Node has one name and two units, and a string of digits has a third rule.
#
# Versions:  jsonwebtoken 9.0.3, fast-jwt 6.3.6.
# Behaviour: expiresIn: 300 is 300 seconds in jsonwebtoken and 300 milliseconds in fast-jwt. expiresIn: "300", as it
#            comes from an environment variable, is 300 milliseconds in both. With less than a second, exp equals iat
#            or is one more, and the token is born expired. "300s" is 300 seconds in both.
# Output:    exp - iat of each, in seconds.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts jsonwebtoken@9.0.3 fast-jwt@6.3.6

node > seen <<'JS'
const jsonwebtoken = require("jsonwebtoken");
const { createSigner } = require("fast-jwt");

const key = "not a secret, but 32 bytes or more";
const iat = 1_800_000_000;

function lifetime(token) {
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  return exp - iat;
}

for (const expiresIn of [300, "300", "300s", 300_000]) {
  const one = lifetime(jsonwebtoken.sign({ iat }, key, { expiresIn }));
  const other = lifetime(createSigner({ key, expiresIn })({ iat }));
  console.log(`${JSON.stringify(expiresIn)}: jsonwebtoken ${one}, fast-jwt ${other}`);
}
JS

diff - seen <<'SEEN'
300: jsonwebtoken 300, fast-jwt 0
"300": jsonwebtoken 0, fast-jwt 0
"300s": jsonwebtoken 300, fast-jwt 300
300000: jsonwebtoken 300000, fast-jwt 300
SEEN
