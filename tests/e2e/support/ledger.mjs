/** The record of the gateway: every request, in order of arrival, with its answer. */
export const REFRESH = "/auth/refresh";
export const LOGOUT = "/auth/logout";

export class Ledger {
  #records = [];
  #watchers = new Set();

  /** Enters a request; the record is completed when it is answered. */
  enter(request) {
    const record = { id: this.#records.length, at: Date.now(), ...request };
    this.#records.push(record);
    this.#tell();
    return record;
  }

  /** Completes `record` with the answer that goes to the browser: `null` for a lost one. */
  complete(record, answer) {
    Object.assign(record, { answeredAt: Date.now(), status: answer?.status ?? null, answer });
    this.#tell();
  }

  /** A point in the record, for {@link to}: what comes after it is what a test has caused. */
  mark() {
    return this.#records.length;
  }

  /** The requests to `path` (`/api/*` for all below it) since `mark`. */
  to(path, mark = 0) {
    return this.#records.slice(mark).filter((record) => matches(path, record.path));
  }

  /** Every request since `mark`. */
  since(mark = 0) {
    return this.#records.slice(mark);
  }

  /** Resolves with the first request to `path` since `mark` that satisfies `is`. */
  first(path, mark, is = () => true) {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.to(path, mark).find(is);
        if (!found) return;
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The most requests to `path` that were unanswered at one moment. */
  peak(path) {
    const records = this.to(path);
    const overlapping = (record) => records.filter((other) => other.id <= record.id && !before(other, record));
    return Math.max(0, ...records.map((record) => overlapping(record).length));
  }

  /** The access tokens that the backend has issued, oldest first. */
  get issued() {
    return this.issuedBefore(Infinity);
  }

  /** As {@link issued}, with answers that had gone out by `epochMs`. */
  issuedBefore(epochMs) {
    return this.to("/auth/*")
      .filter(({ answeredAt }) => !(answeredAt > epochMs))
      .map(issuedToken)
      .filter(Boolean);
  }

  /** A summary for the report of a failed test: tokens by number, equal requests in a row as one line. */
  story() {
    const { issued } = this;
    const lines = [];
    for (const record of this.#records) {
      const text = described(record, issued);
      const last = lines.at(-1);
      if (last?.text === text) last.times += 1;
      else lines.push({ at: record.at - this.#records[0].at, text, times: 1 });
    }
    return lines
      .slice(-60)
      .map(({ at, text, times }) => `${at}`.padStart(7) + ` ms  ${text}${times > 1 ? `  x ${times}` : ""}`);
  }

  #tell() {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The token in a request's Authorization header. */
export function bearer(headers) {
  return headers.authorization?.replace(/^Bearer /i, "");
}

export function matches(pattern, path) {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function described({ method, path, headers, status, answeredAt }, issued) {
  const token = headers.authorization ? `token ${issued.indexOf(bearer(headers)) + 1}` : "no token";
  return `${method} ${path}  ${token}  ${answeredAt ? (status ?? "lost") : "unanswered"}`;
}

function before(earlier, later) {
  return earlier.id !== later.id && earlier.answeredAt !== undefined && earlier.answeredAt <= later.at;
}

function issuedToken({ answer }) {
  try {
    const { access_token: token } = JSON.parse(answer.body);
    return /^[\w.-]{20,5000}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
