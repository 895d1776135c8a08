const KEPT = 400;
const HANDED_ON = 80;
const FLUSH_MS = 100;

/**
 * What happened, in all tabs. Each tab writes its own entries and sends them to the others, again when they change;
 * a new tab is sent the recent ones. An entry is plain metadata: `{ id, slot, at, kind, ... }`.
 */
export class Journal {
  #tabs;
  #entries = new Map();
  #unsent = new Set();
  #listeners = new Set();
  #written = 0;

  constructor(tabs) {
    this.#tabs = tabs;
    tabs.hear("entries", (entries) => this.#adopt(entries));
    tabs.hear("history-please", () => tabs.say("entries", this.#own().slice(-HANDED_ON)));
    tabs.say("history-please", {});
  }

  /** All entries, oldest first. */
  get entries() {
    return [...this.#entries.values()];
  }

  /** Writes an entry of this tab, and returns it; `change` it later through `amend`. */
  write(kind, details = {}) {
    this.#written += 1;
    const entry = { id: `${this.#tabs.me.id}:${this.#written}`, slot: this.#tabs.me.slot, at: Date.now(), kind, ...details };
    this.amend(entry, {});
    return entry;
  }

  /** Changes an entry of this tab. */
  amend(entry, changes) {
    Object.assign(entry, changes);
    if (this.#unsent.size === 0) setTimeout(() => this.#flush(), FLUSH_MS);
    this.#unsent.add(entry);
    this.#keep(entry);
    this.#changed();
  }

  /** Calls `listener` after any change. */
  on(listener) {
    this.#listeners.add(listener);
  }

  #flush() {
    this.#tabs.say("entries", [...this.#unsent]);
    this.#unsent.clear();
  }

  #adopt(entries) {
    for (const entry of entries) this.#keep(entry);
    this.#entries = new Map([...this.#entries].sort(([, a], [, b]) => a.at - b.at));
    this.#changed();
  }

  #keep(entry) {
    this.#entries.set(entry.id, entry);
    if (this.#entries.size > KEPT) this.#entries.delete(this.#entries.keys().next().value);
  }

  #own() {
    return this.entries.filter((entry) => entry.id.startsWith(this.#tabs.me.id));
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}
