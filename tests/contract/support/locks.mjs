/** Web Locks, as far as they are used: exclusive, with a signal for those who wait. */
export class LockManager {
  #held = new Map();
  #waiting = new Map();

  request(name, { signal }, callback) {
    return new Promise((resolve, reject) => {
      const line = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, line);
      const waiter = { callback, resolve, reject };
      line.push(waiter);
      signal?.addEventListener("abort", () => {
        if (!line.includes(waiter)) return;
        line.splice(line.indexOf(waiter), 1);
        reject(signal.reason);
      });
      setImmediate(() => this.#grant(name));
    });
  }

  async query() {
    await new Promise((resolve) => setImmediate(resolve));
    return { held: [...this.#held.keys()].map((name) => ({ name, mode: "exclusive", clientId: "a page" })) };
  }

  async #grant(name) {
    const waiter = this.#held.has(name) ? undefined : this.#waiting.get(name)?.shift();
    if (!waiter) return;
    this.#held.set(name, waiter);
    try {
      waiter.resolve(await waiter.callback({ name, mode: "exclusive" }));
    } catch (error) {
      waiter.reject(error);
    } finally {
      this.#held.delete(name);
      setImmediate(() => this.#grant(name));
    }
  }
}
