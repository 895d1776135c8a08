/**
 * Where an app's files come from: a folder that its build has made, or a server of its own. Each function makes the app,
 * which may happen long before its tests run, and returns what then opens its site: `{ site, close }`.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { Child } from "../../e2e/support/child.mjs";
import { until } from "../../e2e/support/clock.mjs";
import { freePort } from "../../e2e/support/ports.mjs";
import { compile } from "./cargo.mjs";
import { environment, installed, script } from "./install.mjs";

/** As strict as a policy can be for a page with a script, WebAssembly and an icon: what `docs/csp.md` tells people to send. */
export const [, STRICT] = /^Content-Security-Policy: (.+)$/m.exec(
  readFileSync(new URL("../../../docs/csp.md", import.meta.url), "utf8"),
);

/** The same for a framework that writes HTML through Trusted Types policies of these names. */
export function trusting(...names) {
  return STRICT.replace("trusted-types 'none'", `trusted-types ${names.join(" ")}`);
}

/** Where browsers send what a page's policy has forbidden. */
export const REPORTS = "/csp-reports";

/** A development server compiles the page when it is asked for the first time. */
const SERVED_WITHIN_MS = 240_000;

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * The folder `output` of the app `name`, after its script `build`. `policy` is the Content-Security-Policy of its pages;
 * `sources`, the folders of `tests/apps` that the app is made of.
 *
 * @param {string} name
 * @param {string} output
 * @param {{ policy?: string, sources?: string[], build?: string }} [settings]
 */
export async function built(name, output, { policy = STRICT, sources, build = "build" } = {}) {
  const folder = await installed(name, sources);
  await script(folder, build);
  return opening(join(folder, output), policy);
}

/** The app in Rust `examples/NAME`, compiled. */
export async function compiled(name, { policy = STRICT } = {}) {
  return opening(await compile(name), policy);
}

/**
 * The app `name` as it is, without any build.
 *
 * @param {string} name
 * @param {{ policy?: string, sources?: string[] }} [settings]
 */
export async function asItIs(name, { policy = STRICT, sources } = {}) {
  return opening(await installed(name, sources), policy);
}

/**
 * The server that the app's script `serve` starts: `$PORT` is its port. Everything but the backend's paths comes from it.
 * `build` is the script that has to run before.
 *
 * @param {string} name
 * @param {string} serve
 * @param {{ sources?: string[], build?: string }} [settings]
 */
export async function served(name, serve, { sources, build } = {}) {
  const folder = await installed(name, sources);
  if (build) await script(folder, build);
  return async () => {
    const port = await freePort();
    const env = { ...environment, PORT: String(port) };
    const server = new Child("npm", ["run", serve], { cwd: folder, env, group: true });
    const url = `http://localhost:${port}`;
    await server.ready((signal) => answering(url, signal), "serving", SERVED_WITHIN_MS);
    return { site: proxy(url), close: () => server.stop("SIGKILL") };
  };
}

function opening(folder, policy) {
  return () => ({ site: files(folder, policy), close() {} });
}

function files(folder, policy) {
  const headers = reporting({ "content-security-policy": policy });
  return async (path) => {
    if (isBackends(path)) return undefined;
    const file = normalize(path.endsWith("/") ? `${path}index.html` : path);
    const type = types[extname(file)] ?? "application/octet-stream";
    const found = (body) => ({
      status: 200,
      headers: { "content-type": type, "x-content-type-options": "nosniff", ...headers },
      body,
    });
    return readFile(join(folder, file)).then(found, () => ({ status: 404, headers: {}, body: "" }));
  };
}

export function proxy(url) {
  const site = async (path, request, gateway) => {
    if (isBackends(path)) return undefined;
    const record = { method: request.method, url: request.url, headers: request.headers, body: await buffer(request) };
    const answer = await gateway.forward(record, url);
    return { ...answer, headers: reporting(answer.headers) };
  };
  return Object.assign(site, { upgrade: (...given) => passOn(new URL(url), ...given) });
}

/** A page of Next.js in development does nothing before it has a WebSocket to its server. */
function passOn({ hostname, port }, request, socket, head) {
  const onward = connect(port, hostname);
  const headers = request.rawHeaders.map((text, at) => text + (at % 2 ? "\r\n" : ": ")).join("");
  onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
  onward.write(head);
  for (const [from, to] of [
    [socket, onward],
    [onward, socket],
  ]) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

/** The headers of a page, with the policy among them, if there is one, that says where to report to. */
function reporting({ "content-security-policy": policy, ...headers }) {
  return policy ? { ...headers, "content-security-policy": `${policy}; report-uri ${REPORTS}` } : headers;
}

function isBackends(path) {
  return ["/auth/", "/api/", "/e2e/", REPORTS].some((start) => path.startsWith(start));
}

/** Resolves once there is a page at `url`. */
function answering(url, signal) {
  const answers = async () => {
    const answer = await fetch(url, { signal }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok;
  };
  return until(answers, `a page at ${url}`, { withinMs: SERVED_WITHIN_MS, everyMs: 100, signal });
}
