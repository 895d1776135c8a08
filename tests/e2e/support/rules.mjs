/** Rules that a test can give the gateway. Each takes the gateway and a path, and returns a function that undoes it. */
import { bounded } from "./clock.mjs";
import { bearer } from "./ledger.mjs";

/** The answer of an API to a token it does not take. */
export const INVALID_TOKEN = {
  status: 401,
  headers: { "www-authenticate": 'Bearer error="invalid_token"', "content-type": "application/json" },
  body: '{"error":"invalid_token"}',
};

/** An answer that breaks off after its first byte. */
export const CUT_OFF = {
  status: 200,
  headers: { "content-type": "application/json", "content-length": "1000" },
  body: "{",
  cut: true,
};

/**
 * Keeps requests to `path` waiting until `release()`: before the backend sees them, or `after` it has answered. Only
 * the first `count` are kept. `arrived` resolves with the record of the first. As with every rule, the one laid last is
 * asked first.
 */
export function hold(gateway, path, { after = false, count = Infinity } = {}) {
  const released = signal();
  const arrived = signal();
  let kept = 0;
  const remove = gateway.rule(path, async (record, next) => {
    if (++kept > count) return next();
    const answer = after ? await next() : undefined;
    arrived.give(record);
    await released.promise;
    return answer ?? next();
  });
  return {
    get arrived() {
      return bounded(arrived.promise, `a request to ${path}`, 30_000);
    },
    release() {
      remove();
      released.give();
    },
  };
}

/** Answers requests to `path` with `answer` (or what it returns for a record) instead of asking the backend. */
export function script(gateway, path, answer) {
  return gateway.rule(path, async (record) => (typeof answer === "function" ? answer(record) : answer));
}

/** Lets the backend do its work on the next `count` requests to `path`, and loses its answers. */
export function lose(gateway, path, count = 1) {
  return gateway.rule(path, async (_, next) => (count-- > 0 ? (await next(), null) : next()));
}

/** Breaks every connection for a request to `path`, by default whatever the manager and the app ask for. */
export function unplug(gateway, path = "/*") {
  return script(gateway, path, null);
}

/** Tells tabs that the token of the next login lasts `seconds` only: an expiry to come soon, and none after it. */
export function shorten(gateway, seconds) {
  const remove = gateway.rule("/auth/login", async (_, next) => {
    remove();
    return lasting(await next(), seconds);
  });
}

/** Tells tabs so of every token. A request that leaves in time is not refused, however long it takes to arrive. */
export function shortenAll(gateway, seconds) {
  return gateway.rule("/auth/*", async (_, next) => lasting(await next(), seconds));
}

/** From now on the API takes no token issued so far: it wants another one. */
export function refuseTokens(gateway, path = "/api/*") {
  const refused = new Set(gateway.ledger.issued);
  return gateway.rule(path, async (record, next) => (refused.has(bearer(record.headers)) ? INVALID_TOKEN : next()));
}

/** An API below `path` that takes whatever comes, and answers 201 to writes, 200 to reads. */
export function accept(gateway, path) {
  return script(gateway, path, ({ method }) => json(method === "GET" ? 200 : 201, { ok: true }));
}

/** A JSON answer. */
export function json(status, value, headers = {}) {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/** An answer with any body and type. */
export function text(status, body, type = "text/html", headers = {}) {
  return { status, headers: { "content-type": type, ...headers }, body };
}

function lasting(answer, seconds) {
  if (answer.status !== 200) return answer;
  return json(200, { ...JSON.parse(answer.body), expires_in: seconds }, kept(answer.headers));
}

function kept({ "content-length": _, ...headers }) {
  return headers;
}

function signal() {
  let give;
  const promise = new Promise((resolve) => (give = resolve));
  return { promise, give };
}
