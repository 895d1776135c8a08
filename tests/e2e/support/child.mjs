/** A program that runs beside the tests until it is stopped. It does not outlive them. */
import { spawn } from "node:child_process";
import { bounded } from "./clock.mjs";

/** So long may one that is asked to end take, in ms, until it is made to. */
const ENDS_WITHIN_MS = 3_000;

const running = new Set();
process.once("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    killAll();
    process.kill(process.pid, signal);
  });
}

function killAll() {
  for (const child of running) child.kill("SIGKILL");
}

export class Child {
  #name;
  #process;
  #group;
  #said = [];
  #gone;

  /**
   * Starts `program` with `args`; `options` are those of `spawn`. Keeps its output, for the error message if it never
   * gets {@link ready}. With `group`, all processes that the program starts end with it.
   *
   * @param {string} program
   * @param {string[]} args
   * @param {import("node:child_process").SpawnOptions & { group?: boolean }} [options]
   */
  constructor(program, args, { group = false, ...options } = {}) {
    this.#name = [program, ...args].join(" ");
    this.#group = group;
    this.#process = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options, detached: group });
    running.add(this);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk) => this.#said.push(chunk)).on("error", () => {});
    }
    this.#gone = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(error.message));
      this.#process.once("exit", (code, signal) => resolve(`it has ended (${signal ?? code})`));
    });
    this.#gone.then(() => running.delete(this));
  }

  get pid() {
    return this.#process.pid;
  }

  get stdout() {
    return this.#process.stdout;
  }

  /**
   * Resolves with the result of `look(signal)`. If that takes longer than `withinMs`, or the program ends before,
   * rejects and kills the program. In any case, aborts `signal` in the end.
   */
  async ready(look, what, withinMs) {
    const over = new AbortController();
    const dies = this.#gone.then((why) => Promise.reject(new Error(`${this.#name}: ${why}`)));
    try {
      return await bounded(Promise.race([look(over.signal), dies]), `${this.#name}: ${what}`, withinMs);
    } catch (error) {
      await this.stop("SIGKILL");
      throw new Error(`${error.message}\n${Buffer.concat(this.#said)}`, { cause: error });
    } finally {
      over.abort();
      dies.catch(() => {});
    }
  }

  /** Resolves when the program has ended: by `signal`, or else by force. */
  async stop(signal = "SIGTERM") {
    this.kill(signal);
    const impatient = setTimeout(() => this.kill("SIGKILL"), ENDS_WITHIN_MS);
    await this.#gone;
    clearTimeout(impatient);
  }

  kill(signal) {
    if (!running.has(this) || this.pid === undefined) return;
    if (this.#group) process.kill(-this.pid, signal);
    else this.#process.kill(signal);
  }
}
