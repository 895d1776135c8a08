/** The claims of a token. `tests/web/claims.rs` compares them with those that `jwt-compact` reads for apps in Rust. */
import assert from "node:assert/strict";

const alg = { alg: "EdDSA" };
const digest = (length) => Buffer.alloc(length, 7).toString("base64url");

/** Header and payload (objects, or the very text) of tokens whose claims can be read. */
const readable = {
  "the usual": [
    { ...alg, typ: "JWT", kid: "1" },
    { sub: "a", iss: "b", iat: 4e9, exp: 4e9 + 300 },
  ],
  "URLs in the header": [{ ...alg, jku: "https://a.example", x5u: "https://b.example" }, { sub: "a" }],
  "a SHA-1 thumbprint": [{ ...alg, x5t: digest(20) }, { sub: "a" }],
  "a SHA-256 thumbprint": [{ ...alg, "x5t#S256": digest(32) }, { sub: "a" }],
  "a thumbprint in hexadecimal": [
    { ...alg, x5t: Buffer.from("65:AF:69:09:B1:B0:75:8E:06:C6:E0:48:C4").toString("base64url") },
    {},
  ],
  "fields of all kinds": [
    { ...alg, a: [1, { b: null }], c: true, d: -1.5e3, e: 2 ** 64 },
    { f: [1.5, -2, 1e20, true, null, { g: "é\0😀" }] },
  ],
  "a content type of JSON": [{ ...alg, cty: "JSON" }, { sub: "a" }],
  "a moment between two seconds": [alg, { exp: 4e9 + 0.5 }],
  "a moment before 1970": [alg, { exp: -5 }],
  "a name twice": [alg, '{"sub":"a","sub":"b"}'],
  escapes: [alg, '{"a":"\\u00e9\\ud83d\\ude00\\n"}'],
  "a subject that is a number": [alg, { sub: 5, iss: ["a"] }],
  fractions: [alg, '{"a":123.456,"b":0.1,"c":1e-20,"d":12e3}'],
};

/** The same of tokens whose claims cannot be read. */
const unreadable = {
  "no algorithm": [{}, {}],
  "an algorithm that is no text": [{ alg: 1 }, {}],
  "a key that is no text": [{ ...alg, kid: 5 }, {}],
  "another content type": [{ ...alg, cty: "x" }, {}],
  "a header of null": ["null", {}],
  "a header of an array": ["[]", {}],
  "an empty header": ["", {}],
  "a header cut off": ['{"alg":"x', {}],
  "more behind the header": ['{"alg":"x"} x', {}],
  "a header that never ends": ["[".repeat(200), {}],
  "claims of an array": [alg, []],
  "claims of null": [alg, "null"],
  "claims cut off": [alg, '{"sub":'],
  "claims that are no UTF-8": [alg, Buffer.from([0x7b, 0xff, 0x7d])],
  "a moment in words": [alg, { exp: "soon" }],
  "a moment of null": [alg, { exp: null }],
  "a moment beyond all dates": [alg, { exp: 1e300 }],
};

export default {
  "the claims of a JWT are read, whatever else it says": async (create) => {
    const { tokens } = await create({ restore: false });
    for (const [what, [header, payload]] of Object.entries(readable)) {
      await signIn(tokens, header, payload);
      assert.deepEqual(tokens.claims, JSON.parse(String(text(payload))), what);
    }
  },

  "what is no JWT has no claims, and is as good a token as any": async (create) => {
    const { tokens } = await create({ restore: false });
    for (const [what, [header, payload]] of Object.entries(unreadable)) {
      await signIn(tokens, header, payload);
      assert.equal(tokens.claims, null, what);
    }
    for (const access_token of ["a.b", "a.b.c", "a.b.c.d", "...", ".", "e30"]) {
      await tokens.signIn({ access_token });
      assert.equal(tokens.status, "signed-in");
      assert.equal(tokens.claims, null, access_token);
    }
  },
};

async function signIn(tokens, header, payload) {
  const part = (content) => Buffer.from(text(content)).toString("base64url");
  await tokens.signIn({ access_token: `${part(header)}.${part(payload)}.c2ln`, expires_in: 300 });
  assert.equal(tokens.status, "signed-in");
}

function text(content) {
  return typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content);
}
