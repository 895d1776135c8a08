/** The reference backend as a child process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bounded } from "./clock.mjs";
import { backendBinary } from "./places.mjs";

/** Strict rotation: a single double refresh ends the session. */
const defaults = { port: "0", accessTtl: "5m", reuseGrace: "0s", idle: "30m", absolute: "12h" };
const PASSWORD = "correct horse";

export class Backend {
  /** Where it listens. */
  url;
  #child;

  /** Starts one for pages at `origin`; `flags` in camel case, as `{ accessTtl: "4s" }`. */
  static async start(origin, flags = {}) {
    const backend = new Backend();
    const all = { ...defaults, origin, demoPassword: PASSWORD, ...flags };
    backend.#child = spawn(backendBinary(), Object.entries(all).flatMap(flag), { stdio: ["ignore", "pipe", "pipe"] });
    backend.url = await bounded(backend.#listening(), "the backend listening");
    return backend;
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const impatient = setTimeout(() => this.#child.kill("SIGKILL"), 3_000);
    await gone;
    clearTimeout(impatient);
  }

  async #listening() {
    const said = [];
    this.#child.stderr.on("data", (chunk) => said.push(chunk));
    for await (const line of createInterface({ input: this.#child.stdout })) {
      const [, url] = line.match(/^listening on (\S+)$/) ?? [];
      if (url) return url;
    }
    throw new Error(`the backend did not start: ${Buffer.concat(said)}`);
  }
}

function flag([name, value]) {
  return [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value];
}
