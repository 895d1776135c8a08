/**
 * A line from the test to every tab. WebDriver talks to one window at a time, and only after bringing it to the
 * front; over these lines all tabs can be told something at the same moment, wherever they are.
 */
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { bounded } from "./clock.mjs";

/** Longer than the manager lets anybody wait, so that its own error is what a test sees. */
const ANSWER_WITHIN_MS = 90_000;

export class Switchboard {
  #server = new WebSocketServer({ noServer: true });
  #lines = new Map();
  #pages = new Map();
  #left = new Set();
  #calls = new Map();
  #waiting = new Map();
  #closed = false;

  /** Takes over the WebSocket handshake of a page in a tab, `/e2e/line?tab=ID&page=ID`. */
  upgrade(request, socket, head) {
    const { searchParams } = new URL(request.url, "http://localhost");
    const [tab, page] = ["tab", "page"].map((name) => searchParams.get(name));
    this.#server.handleUpgrade(request, socket, head, (line) => this.#connected(tab, page, line));
  }

  /** Resolves when `tab`'s page is on the line: at once, or after its next load. */
  async connected(tab) {
    if (this.#closed) throw closed();
    if (this.#lines.has(tab)) return;
    const { promise, resolve, reject } = withResolvers();
    this.#waiting.set(tab, { resolve, reject });
    await bounded(promise, `tab ${tab} on the line`);
  }

  /**
   * `tab`'s page is about to be left: {@link connected} then waits for the next one. On a busy machine the old one is there
   * for a while: Firefox closes its line at once, and it is back on another before it has to go.
   */
  expectAnother(tab) {
    this.#lines.delete(tab);
    this.#left.add(this.#pages.get(tab));
  }

  /** Runs `source` (a function's text) in `tab` and resolves with what it returns. */
  async call(tab, source, args, withinMs = ANSWER_WITHIN_MS) {
    await this.connected(tab);
    const id = randomUUID();
    const { promise, resolve, reject } = withResolvers();
    const line = this.#lines.get(tab);
    this.#calls.set(id, { line, resolve, reject });
    line.send(JSON.stringify({ id, source, args }));
    const what = `an answer from tab ${tab} to ${source.slice(0, 100)}`;
    return bounded(promise, what, withinMs).finally(() => this.#calls.delete(id));
  }

  close() {
    this.#closed = true;
    for (const { reject } of [...this.#waiting.values(), ...this.#calls.values()]) reject(closed());
    for (const line of this.#server.clients) line.terminate();
    this.#server.close();
  }

  #connected(tab, page, line) {
    // It is closed after that.
    line.on("error", () => {});
    if (this.#left.has(page)) return;
    if (this.#pages.get(tab) !== page) this.#left.add(this.#pages.get(tab));
    this.#pages.set(tab, page);
    this.#lines.set(tab, line);
    line.on("message", (text) => this.#answered(JSON.parse(text)));
    line.on("close", () => this.#disconnected(tab, line));
    this.#waiting.get(tab)?.resolve();
    this.#waiting.delete(tab);
  }

  /** Nobody answers what was asked over `line`, also where another line of the tab has taken its place by now. */
  #disconnected(tab, line) {
    if (this.#lines.get(tab) === line) this.#lines.delete(tab);
    for (const call of this.#calls.values()) {
      if (call.line === line) call.reject(new Error(`tab ${tab} has gone`));
    }
  }

  #answered({ id, value, error }) {
    const call = this.#calls.get(id);
    if (error) call?.reject(Object.assign(new Error(`in the tab: ${error.text}`), { inTab: error }));
    else call?.resolve(value);
  }
}

function closed() {
  return new Error("the line to the tabs has closed");
}

function withResolvers() {
  let resolve, reject;
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
