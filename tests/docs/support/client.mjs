/** A browser's part in talking to a backend, as far as HTTP goes: what it would send by itself is said here. */
import { request } from "node:http";
import { json } from "node:stream/consumers";

const NAME = "__Host-Http-session";

export class Client {
  #url;
  #origin;

  constructor(url, origin) {
    this.#url = url;
    this.#origin = origin;
  }

  /**
   * Sends a request as our page would; `headers` replace its headers or, if undefined, remove them.
   *
   * @param {string} method
   * @param {string} path
   * @param {{ cookie?: string, headers?: Record<string, string | undefined>, body?: unknown }} [settings]
   */
  async send(method, path, { cookie, headers = {}, body } = {}) {
    /** @type {Record<string, string | undefined>} */
    const all = { origin: this.#origin, "sec-fetch-site": "same-origin", "x-requested-with": "tokenhold", ...headers };
    if (cookie) all.cookie = `theme=dark; ${NAME}=${cookie}`;
    if (body) all["content-type"] = "application/json";
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const answer = await new Promise((resolve, reject) => {
      // Over a connection of its own: one that is kept may be closed by the backend just when the next request goes out.
      const outgoing = request(new URL(path, this.#url), { method, headers: sent, agent: false }, resolve);
      outgoing.on("error", reject).end(body && JSON.stringify(body));
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      ...cookieIn(answer),
      json: /** @type {any} */ (await json(answer).catch(() => null)),
    };
  }

  login(username = "alice", password = "correct horse", cookie = undefined) {
    const headers = { "x-requested-with": undefined };
    return this.send("POST", "/auth/login", { cookie, headers, body: { username, password } });
  }

  refresh(cookie, headers) {
    return this.send("POST", "/auth/refresh", { cookie, headers });
  }

  logout(cookie, headers) {
    return this.send("POST", "/auth/logout", { cookie, headers });
  }

  me(token) {
    return this.send("GET", "/api/me", { headers: { origin: undefined, authorization: token && `Bearer ${token}` } });
  }

  ticket(token) {
    return this.send("POST", "/api/ticket", { headers: { authorization: token && `Bearer ${token}` } });
  }
}

/** The session's cookie in an answer: its value, and its attributes in lower case, sorted. */
function cookieIn({ headers }) {
  const [set] = headers["set-cookie"] ?? [];
  if (!set) return { cookie: null };
  const [pair, ...attributes] = set.split(";").map((part) => part.trim());
  const [name, value] = pair.split("=");
  return { cookie: name === NAME ? value : null, attributes: attributes.map((each) => each.toLowerCase()).sort() };
}
