/**
 * The server of all contenders: pages, their scripts as a CDN would send them, a refresh endpoint, an OpenID provider,
 * an API.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { client_id, discovery, refresh, thing, told, token } from "./page/addresses.js";
import { portOf } from "../e2e/support/ports.mjs";

const HOUR_S = 3600;

/** The browser's clock is coarse for pages that are not isolated. */
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const ACCESS_TOKEN = jwt({
  iss: "bench",
  sub: "0190c6e2-8f1a-7000-8000-000000000001",
  scope: "openid profile email things:read",
});

export class Server {
  /** How many requests came to each path. */
  counts = {};
  #scripts;
  #expected = [];
  #server = createServer((request, response) => this.#answer(request, response));

  /** `scripts` by name, as `bundles.mjs` makes them. */
  constructor(scripts) {
    this.#scripts = scripts;
  }

  /** Listens on a port of its own, which is returned. All names below localhost lead there, each a site of its own. */
  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return portOf(this.#server);
  }

  /** Resolves when so many more requests to `path` have been answered, with what was in their bodies. */
  next(path, count) {
    return new Promise((resolve) => this.#expected.push({ path, count, bodies: [], resolve }));
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request, response) {
    const { pathname, searchParams, origin } = new URL(request.url, `http://${request.headers.host}`);
    this.counts[pathname] = (this.counts[pathname] ?? 0) + 1;
    const body = await text(request);
    response.once("finish", () => this.#note(pathname, body));
    if (pathname === "/") return answerPage(searchParams, response);
    if (pathname === told) return json(response, 200, {});
    if (pathname.startsWith("/assets/")) return this.#script(pathname.slice("/assets/".length), request, response);
    if (pathname === thing) return answerThing(request, response);
    if (pathname === refresh) return answerRefresh(request, response);
    if (pathname === discovery) return json(response, 200, { issuer: origin, token_endpoint: `${origin}${token}` });
    if (pathname === token) return json(response, 200, { ...granted(), refresh_token: "next" });
    return json(response, 404, {});
  }

  #note(path, body) {
    for (const expected of this.#expected.filter((one) => one.path === path)) {
      if (expected.bodies.push(body && JSON.parse(body)) < expected.count) continue;
      this.#expected.splice(this.#expected.indexOf(expected), 1);
      expected.resolve(expected.bodies);
    }
  }

  #script(name, { headers }, response) {
    const script = this.#scripts[name];
    if (!script) return json(response, 404, {});
    const encoding = /\bbr\b/.test(headers["accept-encoding"]) ? "br" : "gzip";
    const caching = { "Cache-Control": `public, max-age=${HOUR_S}, immutable`, Vary: "Accept-Encoding" };
    return send(response, script[encoding], {
      ...isolated,
      ...caching,
      "Content-Type": "text/javascript",
      "Content-Encoding": encoding,
    });
  }
}

const htmlHeaders = {
  ...isolated,
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
};

/** The session's tokens live for `lives` seconds. */
function answerPage(parameters, response) {
  const cookie = `session=${parameters.get("lives") ?? HOUR_S}; HttpOnly; SameSite=Strict; Path=/`;
  const content = page(parameters.get("script"), parameters.has("stored"));
  return send(response, content, { ...htmlHeaders, "Set-Cookie": cookie });
}

/**
 * With what a sign-in has left in sessionStorage for oidc-client-ts: a token that has expired, or one that is `stored`
 * still.
 */
function page(script, stored) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>bench</title>
<link rel="icon" href="data:,">
<script>
  globalThis.signOut = (expires_at = 1) => sessionStorage.setItem("oidc.user:" + location.origin + ":${client_id}", JSON.stringify({
    access_token: "${ACCESS_TOKEN}", refresh_token: "first", token_type: "Bearer", scope: "openid", profile: { sub: "bench" }, expires_at
  }));
  signOut(${stored ? `Math.floor(Date.now() / 1000) + ${HOUR_S}` : ""});
</script>
${script ? `<script type="module" src="/assets/${script}"></script>` : ""}
</html>
`;
}

function answerThing({ headers }, response) {
  const known = headers.authorization === `Bearer ${ACCESS_TOKEN}`;
  return json(response, known ? 200 : 401, known ? { id: 1, name: "a thing", tags: ["one", "two"] } : {});
}

function answerRefresh({ method, headers }, response) {
  const [, lives] = (method === "POST" && /\bsession=(\d+)/.exec(headers.cookie)) || [];
  return json(response, lives ? 200 : 401, lives ? granted(Number(lives)) : {});
}

function granted(expires_in = HOUR_S) {
  return { access_token: ACCESS_TOKEN, token_type: "Bearer", expires_in };
}

function json(response, status, content) {
  return send(
    response,
    JSON.stringify(content),
    { ...isolated, "Content-Type": "application/json", "Cache-Control": "no-store" },
    status,
  );
}

function send(response, content, headers, status = 200) {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(content) });
  response.end(content);
}

/** Of the usual size; nobody looks at the signature. */
function jwt(claims) {
  const now = Math.floor(Date.now() / 1000);
  const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const signature = Buffer.alloc(256, 7).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT", kid: "2026-01" })}.${part({ ...claims, iat: now, exp: now + HOUR_S })}.${signature}`;
}
