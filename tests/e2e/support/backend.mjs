/** The reference backend as a child process. */
import { createInterface } from "node:readline";
import { Child } from "./child.mjs";
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
    backend.#child = new Child(backendBinary(), Object.entries(all).flatMap(flag));
    backend.url = await backend.#child.ready(() => listening(backend.#child.stdout), "listening");
    return backend;
  }

  stop() {
    return this.#child.stop();
  }
}

/** Resolves with the address that the backend says it listens at. */
function listening(stdout) {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      const [, url] = line.match(/^listening on (\S+)$/) ?? [];
      if (url) resolve(url);
    });
  });
}

function flag([name, value]) {
  return [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value];
}
