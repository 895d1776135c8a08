/**
 * The public origin of a test: a reverse proxy before the backend that records everything, serves the page under test,
 * and lets a test hold, lose, script or refuse what passes through it.
 */
import { request as httpRequest, Agent } from "node:http";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ledger, matches } from "./ledger.mjs";
import { Listener } from "./listener.mjs";
import { packageFolder } from "./places.mjs";
import { Switchboard } from "./switchboard.mjs";

const pageFolder = fileURLToPath(new URL("page", import.meta.url));
const page = `<!doctype html><meta charset="utf-8"><title>e2e</title>
<script src="/e2e/witness.js"></script><script src="/e2e/agent.js"></script>`;

const strictPages = ["/e2e/strict", "/e2e/inspected"];
const strictPage = (path) =>
  `<!doctype html><meta charset="utf-8"><title>strict</title><body><script type="module" src="${path}.js"></script>`;
const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'; require-trusted-types-for 'script'";

/**
 * @typedef {{ status: number, headers?: object, body?: unknown }} Answer
 * @typedef {((path: string, request: import("node:http").IncomingMessage, gateway: Gateway) => Promise<Answer | undefined>)
 *   & { upgrade?: (request: object, socket: object, head: Buffer) => void }} Site
 */

export class Gateway {
  ledger = new Ledger();
  switchboard = new Switchboard();
  backend = null;
  #rules = [];
  #site;
  // A connection each: one that is kept may be closed by the server just when the next request goes out.
  #agent = new Agent();
  #listener;

  /** The origin that pages see, `http://localhost:PORT` or `https://localhost:PORT`. */
  origin;

  /**
   * `tls`: over https, with a certificate that nobody knows. `site`: gives, for the path of a request and the request, the
   * answer (`{ status, headers, body }`), or nothing where the backend has to be asked; `site.upgrade` takes WebSockets.
   */
  static async open({ tls = false, site = /** @type {Site} */ (assetAt) } = {}) {
    const gateway = new Gateway();
    gateway.#site = site;
    gateway.#listener = await Listener.open((request, response) => gateway.#serve(request, response), {
      tls,
      upgrade: site.upgrade ?? ((...given) => gateway.switchboard.upgrade(...given)),
    });
    gateway.origin = gateway.#listener.origin();
    return gateway;
  }

  /**
   * Puts `rule` in front of all others for requests to `path` (`/api/*`: all below it). It is called with the request's
   * record and `next()`, and resolves with the answer: `{ status, headers, body, cut }` (`cut`: the connection breaks in the
   * body), or `null` for a connection that breaks before a byte of answer: browsers then send even a POST again, once or twice.
   * Returns the function that takes the rule away.
   */
  rule(path, rule) {
    const entry = { path, rule };
    this.#rules.unshift(entry);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== entry);
    };
  }

  /** Passes a request on to the backend, or to another `server`, as it is, and resolves with the answer. */
  forward({ method, url, headers, body }, server = this.backend) {
    const { hostname, port } = new URL(server);
    return new Promise((resolve, reject) => {
      const onward = httpRequest({ hostname, port, method, path: url, headers, agent: this.#agent }, (answer) => {
        const { connection, "transfer-encoding": _, ...kept } = answer.headers;
        buffer(answer).then((whole) => resolve({ status: answer.statusCode, headers: kept, body: whole }), reject);
      });
      onward.on("error", reject);
      onward.end(body);
    });
  }

  /** Breaks off whatever is under way, in both directions. */
  async close() {
    this.switchboard.close();
    await this.#listener.close();
    this.#agent.destroy();
  }

  async #serve(request, response) {
    const path = new URL(request.url, this.origin).pathname;
    // Either side may break off at any time: the page when it is left, the servers behind when the test ends.
    const asset = await Promise.resolve(this.#site(path, request, this)).catch(badGateway);
    if (asset) return respond(response, asset);
    const record = this.ledger.enter({ method: request.method, url: request.url, path, headers: request.headers });
    record.body = await buffer(request).catch(() => Buffer.alloc(0));
    const answer = await this.#answer(record).catch(badGateway);
    this.ledger.complete(record, answer);
    respond(response, answer);
  }

  #answer(record) {
    const rules = this.#rules.filter(({ path }) => matches(path, record.path)).map(({ rule }) => rule);
    const next = async (at) => (at < rules.length ? rules[at](record, () => next(at + 1)) : this.forward(record));
    return next(0);
  }
}

async function assetAt(path) {
  if (path === "/e2e/") return asset("text/html", page);
  if (strictPages.includes(path))
    return asset("text/html", strictPage(path), { "content-security-policy": strictPolicy });
  if (path.startsWith("/e2e/") && path.endsWith(".js")) return file(pageFolder, path.slice("/e2e/".length));
  if (path.startsWith("/tokenhold/")) return file(packageFolder(), path.slice("/tokenhold/".length));
  return path === "/favicon.ico" ? { status: 404 } : undefined;
}

async function file(folder, name) {
  if (name.includes("..")) return { status: 404 };
  const type = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  return readFile(join(folder, name)).then(
    (body) => asset(type, body),
    () => ({ status: 404 }),
  );
}

function asset(type, body, headers = {}) {
  return { status: 200, headers: { "content-type": type, "cache-control": "no-cache", ...headers }, body };
}

function respond(response, answer) {
  if (answer === null) return response.destroy();
  response.writeHead(answer.status, answer.headers);
  if (answer.cut) return response.write(answer.body, () => response.destroy());
  response.end(answer.body);
}

function badGateway(error) {
  return { status: 502, headers: { "content-type": "text/plain" }, body: String(error) };
}
