/** Web Locks: those for the refresh, and one per tab whose name says who is alive. */

/** A lock that is held, or waited for, until it is let go. */
export class Lock {
  #letGo;

  /** Waits for it, then calls `granted`. */
  constructor(name, granted) {
    const controller = new AbortController();
    const { signal } = controller;
    this.#letGo = () => controller.abort();
    const hold = (release) => {
      this.#letGo = release;
      granted();
    };
    // A browser that has granted it already may still say so after the wait was aborted.
    const asked = navigator.locks.request(name, { signal }, () => signal.aborted || new Promise(hold));
    asked.catch(() => {});
  }

  letGo() {
    this.#letGo();
  }
}

/** What is left of the names of the locks that are held and begin with `group`, each followed by who holds it. */
export async function query(group) {
  const { held } = await navigator.locks.query();
  const ours = held.filter(({ name }) => name.startsWith(group));
  return ours.flatMap(({ name, clientId }) => [name.slice(group.length), clientId]);
}
