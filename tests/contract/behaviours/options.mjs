import assert from "node:assert/strict";
import { refuses } from "../support/looking.mjs";

const url = "/auth/refresh";

/** The option that the error must name, and options that are wrong. */
const wrong = [
  ["refresh", { refresh: undefined }],
  ["refresh", { refresh: 7 }],
  ["refresh", { refresh: null }],
  ["refresh", { refresh: [] }],
  ["refresh.url", { refresh: "" }],
  ["refresh.url", { refresh: {} }],
  ["refresh.url", { refresh: "http://[" }],
  ["refresh.url", { refresh: "ftp://example.com" }],
  ["refresh.uri", { refresh: { uri: url } }],
  ["refresh.method", { refresh: { url, method: "TRACE" } }],
  ["refresh.method", { refresh: { url, method: "a b" } }],
  ["refresh.method", { refresh: { url, method: 1 } }],
  ["refresh.headers", { refresh: { url, headers: { authorization: "Bearer x" } } }],
  ["refresh.headers", { refresh: { url, headers: { "a b": "c" } } }],
  ["refresh.headers", { refresh: { url, headers: { a: 1 } } }],
  ["refresh.headers", { refresh: { url, headers: { a: "b\nc" } } }],
  ["refresh.headers", { refresh: { url, headers: "a: b" } }],
  ["refresh.body", { refresh: { url, body: new Blob() } }],
  ["refresh.body", { refresh: { url, body: "x", method: "get" } }],
  ["refresh.credentials", { refresh: { url, credentials: "always" } }],
  ["refresh.csrf", { refresh: { url, csrf: "x" } }],
  ["refresh.csrf.cookie", { refresh: { url, csrf: { header: "x" } } }],
  ["refresh.csrf.header", { refresh: { url, csrf: { cookie: "x" } } }],
  ["refresh.csrf.header", { refresh: { url, csrf: { cookie: "x", header: "Authorization" } } }],
  ["refresh.csrf.name", { refresh: { url, csrf: { cookie: "x", header: "y", name: "z" } } }],
  ["refresh.response", { refresh: { url, response: "token" } }],
  ["refresh.response.token", { refresh: { url, response: { token: "" } } }],
  ["refresh.response.token", { refresh: { url, response: { token: 1 } } }],
  ["refresh.response.expiresIn", { refresh: { url, response: { expiresIn: "a..b" } } }],
  ["refresh.response.expiresAt", { refresh: { url, response: { expiresAt: "." } } }],
  ["refresh.response.expiresInUnit", { refresh: { url, response: { expiresInUnit: "min" } } }],
  ["refresh.ended", { refresh: { url, ended: 401 } }],
  ["refresh.ended", { refresh: { url, ended: [200] } }],
  ["refresh.ended", { refresh: { url, ended: ["401"] } }],
  ["refresh.timeout", { refresh: { url, timeout: 0 } }],
  ["refresh.timeout", { refresh: { url, timeout: 1.5 } }],
  ["refresh.timeout", { refresh: { url, timeout: 600_001 } }],
  ["refresh.timeout", { refresh: { url, timeout: "10" } }],
  ["logout.url", { logout: "" }],
  ["logout", { logout: false }],
  ["logout.timeout", { logout: { url, timeout: 1 } }],
  ["logout.withToken", { logout: { url, withToken: 1 } }],
  ["logout.method", { logout: { url, method: "CONNECT" } }],
  ["signIn", { signIn: "x" }],
  ["signIn.url", { signIn: { url } }],
  ["signIn.response.token", { signIn: { response: { token: "." } } }],
  ["rejected", { rejected: 401 }],
  ["rejected", { rejected: [99] }],
  ["rejected", { rejected: [600] }],
  ["rejected", { rejected: [undefined] }],
  ["attachTo", { attachTo: "https://api.example.com" }],
  ["attachTo", { attachTo: [1] }],
  ["attachTo", { attachTo: [undefined] }],
  ...[
    "",
    "*",
    "null",
    "api.example.com",
    "//api.example.com",
    "ftp://api.example.com",
    "https://",
    "https://api.example.com/",
    "https://api.example.com/v1",
    "https://user@api.example.com",
    "https://API.example.com",
    "https://*.example.com",
    "https://bücher.example",
    "https://api.example.com:443",
    "http://api.example.com:80",
    "https://api.example.com:",
    "https://api.example.com:0443",
    "https://api.example.com:65536",
    "https://api.example.com.",
    "https://api..example.com",
    "https://127.1",
    "https://0x7f.1",
    "https://2130706433",
    "https://[::1]",
    " https://api.example.com",
  ].map((origin) => ["attachTo", { attachTo: [origin] }]),
  ["name", { name: "" }],
  ["name", { name: "x".repeat(101) }],
  ["name", { name: 7 }],
  ["restore", { restore: "yes" }],
  ["restore.cookie", { restore: { cookie: "a b" } }],
  ["restore.cookie", { restore: {} }],
  ["restore.name", { restore: { name: "a" } }],
  ["csrf", { csrf: "x" }],
  ["csrf.header", { csrf: { cookie: "x", header: "a b" } }],
  ["scheme", { scheme: "A B" }],
  ["header", { header: "" }],
  ["identity", { identity: [] }],
  ["identity", { identity: [1] }],
  ["logout.confirmed", { logout: { url, confirmed: [199] } }],
  ["signIn.response", { signIn: { response: "x" } }],
  ["exposeToken", { exposeToken: 1 }],
  ["storage", { storage: "localStorage" }],
];

const right = [
  { refresh: new URL("https://auth.example/refresh") },
  { refresh: { url, method: "get", headers: new Headers({ a: "b" }), credentials: "omit", ended: [300, 401, 599] } },
  { refresh: { url, timeout: 600_000, body: new URLSearchParams("a=b") } },
  { logout: { url: "/bye", body: [1], csrf: { cookie: "a", header: "b" } } },
  { rejected: [], attachTo: [], name: "😀".repeat(100), restore: false, signIn: {}, exposeToken: false },
  { rejected: () => false, signIn: { response: {} }, logout: { url: "/bye", withToken: true } },
  {
    attachTo: [
      "https://127.0.0.1:8443",
      "http://localhost:8080",
      "http://a_b.example:443",
      "https://xn--bcher-kva.example",
    ],
  },
];

export default {
  ...Object.fromEntries(
    wrong.map(([option, options]) => [
      `${option} is refused: ${show(options)}`,
      async (create) => {
        const { message } = await refuses((async () => create(options))(), "invalid-option");
        assert.ok(message.startsWith(`option \`${option}\` `), message);
      },
    ]),
  ),
  ...Object.fromEntries(
    right.map((options) => [
      `taken: ${show(options)}`,
      async (create) => {
        const { tokens } = await create(options);
        await tokens.ready;
        assert.equal(tokens.status, "signed-out");
      },
    ]),
  ),
};

function show(options) {
  const shown = (_, value) => (value === undefined || typeof value === "function" ? String(value) : value);
  return JSON.stringify(options, shown).slice(0, 90);
}
