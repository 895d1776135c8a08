/** The package itself, in Node: what it needs of a page and of time is put there, the tabs are managers in one process. */
import { createTestBackend } from "../../../dist/testing/index.js";
import { START, StoppedClock } from "./clock.mjs";
import { standInPage } from "./page.mjs";

const page = standInPage();
const clock = new StoppedClock();

/** The world called `name`; without `locks`, every tab works alone in it. */
export async function realWorld(name, locks) {
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks } });
  clock.install();
  // As it is in a page.
  globalThis.reportError ??= (error) =>
    queueMicrotask(() => {
      throw error;
    });
  const { createTokenManager } = await import("../../../dist/index.js");
  return { name, createWorld: (context, options) => createWorld(createTokenManager, context, options) };
}

let groups = 0;

/** Managers of two worlds never meet. */
async function createWorld(createTokenManager, context, { signedIn, expiresIn, opaque, ...given } = {}) {
  page.reset();
  clock.begin(START);
  const auth = { refresh: "/auth/refresh", logout: "/auth/logout", ...given };
  const backend = createTestBackend({ ...auth, expiresIn, opaque }, () => clock.now);
  if (signedIn !== undefined) backend.signIn(signedIn);
  backend.whenOnline = () => page.dispatch("online");
  const fetch = (...args) => clock.watch(backend.fetch(...args));
  const options = { name: `world ${groups++}`, ...auth, fetch };
  const tokens = await createTokenManager(options);
  context.after(() => tokens.dispose());
  const otherTab = new OtherTab(context, tokens, backend, () => createTokenManager({ ...options, restore: false }));
  return { tokens, backend, clock, otherTab, page: new Page(), setCookie: page.setCookie };
}

class Page {
  hide = () => this.#become("hidden");
  show = () => this.#become("visible");

  async #become(visibilityState) {
    document.visibilityState = visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
    await clock.settle();
  }
}

/** A second manager, opened when it is first needed. */
class OtherTab {
  #context;
  #first;
  #backend;
  #open;
  #tokens;

  constructor(context, first, backend, open) {
    this.#context = context;
    this.#first = first;
    this.#backend = backend;
    this.#open = open;
  }

  async signIn(person) {
    const tokens = await this.#opened();
    await this.#heard("signed-in", () => tokens.signIn(this.#backend.signIn(person)));
  }

  async refresh() {
    const tokens = await this.#opened();
    await this.#heard("refreshed", () => tokens.refresh());
  }

  async logout() {
    const tokens = await this.#opened();
    await this.#heard("signed-out", () => tokens.logout());
  }

  /** It has what the first has, as far as there is anything. */
  async #opened() {
    if (!this.#tokens) {
      this.#tokens = await this.#open();
      this.#context.after(() => this.#tokens.dispose());
      const wanted = this.#first.status === "signed-in" ? "signed-in" : "signed-out";
      await until(() => this.#tokens.status === wanted);
    }
    return this.#tokens;
  }

  /** Acts, and waits until the first tab has heard of it. */
  async #heard(type, act) {
    let isHeard = false;
    const off = this.#first.on(type, () => (isHeard = true));
    await act();
    await until(() => isHeard);
    off();
    await clock.settle();
  }
}

/** The runner's limit ends a wait for what never comes. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
