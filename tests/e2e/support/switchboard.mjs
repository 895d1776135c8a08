/**
 * A line from the test to every tab. WebDriver talks to one window at a time, and only after bringing it to the
 * front; over these lines all tabs can be told something at the same moment, wherever they are.
 */
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { bounded } from "./clock.mjs";

const ANSWER_WITHIN_MS = 45_000;

export class Switchboard {
  #server = new WebSocketServer({ noServer: true });
  #lines = new Map();
  #calls = new Map();
  #waiting = new Map();

  /** Takes over a tab's WebSocket handshake, `/e2e/line?tab=ID`. */
  upgrade(request, socket, head) {
    const tab = new URL(request.url, "http://localhost").searchParams.get("tab");
    this.#server.handleUpgrade(request, socket, head, (line) => this.#connected(tab, line));
  }

  /** Resolves when `tab`'s page is on the line: at once, or after its next load. */
  async connected(tab) {
    if (this.#lines.has(tab)) return;
    const { promise, resolve } = withResolvers();
    this.#waiting.set(tab, resolve);
    await bounded(promise, `tab ${tab} on the line`, 30_000);
  }

  /** Runs `source` (a function's text) in `tab` and resolves with what it returns. */
  async call(tab, source, args, withinMs = ANSWER_WITHIN_MS) {
    await this.connected(tab);
    const id = randomUUID();
    const { promise, resolve, reject } = withResolvers();
    this.#calls.set(id, { tab, resolve, reject });
    this.#lines.get(tab).send(JSON.stringify({ id, source, args }));
    return bounded(promise, `an answer from tab ${tab}`, withinMs).finally(() => this.#calls.delete(id));
  }

  close() {
    for (const line of this.#server.clients) line.terminate();
    this.#server.close();
  }

  #connected(tab, line) {
    this.#lines.set(tab, line);
    line.on("message", (text) => this.#answered(JSON.parse(text)));
    line.on("close", () => this.#disconnected(tab, line));
    this.#waiting.get(tab)?.();
    this.#waiting.delete(tab);
  }

  #disconnected(tab, line) {
    if (this.#lines.get(tab) !== line) return;
    this.#lines.delete(tab);
    for (const call of this.#calls.values()) {
      if (call.tab === tab) call.reject(new Error(`tab ${tab} has gone`));
    }
  }

  #answered({ id, value, error }) {
    const call = this.#calls.get(id);
    if (error) call?.reject(Object.assign(new Error(`in the tab: ${error.text}`), { inTab: error }));
    else call?.resolve(value);
  }
}

function withResolvers() {
  let resolve, reject;
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}
