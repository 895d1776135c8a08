import type { Details, Entry, EntryOf, Kind } from "./entry.ts";
import type { Tabs } from "./tabs.ts";

const KEPT = 400;
const HANDED_ON = 80;
const FLUSH_MS = 100;

/**
 * The events of all tabs. Each tab writes its own entries, and sends them to the peers, again when they change. A new
 * tab gets the recent ones.
 */
export class Journal {
  readonly #tabs: Tabs;
  readonly #unsent = new Set<Entry>();
  readonly #listeners = new Set<() => void>();
  #entries = new Map<string, Entry>();
  #written = 0;
  #isOpen = false;
  #flushing: ReturnType<typeof setTimeout> | undefined;

  constructor(tabs: Tabs) {
    this.#tabs = tabs;
    tabs.hear("entries", (entries) => this.#adopt(entries));
    tabs.hear("history-please", () => tabs.say("entries", this.#own()));
    tabs.on(() => this.#sign());
  }

  /** Begins to send to the peers, and asks them for their entries. */
  open(): void {
    this.#isOpen = true;
    this.#tabs.say("history-please");
    for (const entry of this.#own()) this.#send(entry);
  }

  /** Stops sending to the peers. */
  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#flushing);
    this.#unsent.clear();
  }

  /** All entries, oldest first. */
  get entries(): Entry[] {
    return [...this.#entries.values()];
  }

  /** Writes an entry of this tab, and returns it. Later changes go through {@link amend}. */
  write<K extends Kind>(kind: K, details: Details<K>): EntryOf<K> {
    const { id, slot } = this.#tabs.me;
    this.#written += 1;
    const entry = { id: `${id}:${this.#written}`, slot, at: Date.now(), kind, ...details } as unknown as EntryOf<K>;
    this.#keep(entry);
    return this.amend(entry, {});
  }

  /** Changes an entry of this tab. */
  amend<E extends Entry>(entry: E, changes: Partial<E>): E {
    Object.assign(entry, changes);
    this.#send(entry);
    this.#changed();
    return entry;
  }

  /** Calls `listener` after any change. Returns a function that ends this. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #send(entry: Entry): void {
    if (!this.#isOpen) return;
    if (this.#unsent.size === 0) this.#flushing = setTimeout(() => this.#flush(), FLUSH_MS);
    this.#unsent.add(entry);
  }

  #flush(): void {
    this.#tabs.say("entries", [...this.#unsent]);
    this.#unsent.clear();
  }

  #adopt(entries: unknown): void {
    if (!Array.isArray(entries)) return;
    for (const entry of entries.filter(isEntry)) this.#keep(entry);
    this.#entries = new Map([...this.#entries].sort(([, a], [, b]) => a.at - b.at));
    this.#changed();
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > KEPT) this.#entries.delete(oldest!);
  }

  /** Puts the entries from before this tab had its seat under the tab's name. */
  #sign(): void {
    const { slot } = this.#tabs.me;
    for (const entry of this.#own()) if (entry.slot !== slot) this.amend(entry, { slot });
  }

  #own(): Entry[] {
    return this.entries.filter((entry) => entry.id.startsWith(this.#tabs.me.id)).slice(-HANDED_ON);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isEntry(value: unknown): value is Entry {
  const { id, kind, at, slot } = (value ?? {}) as Partial<Entry>;
  const isSeated = slot === null || (Number.isInteger(slot) && slot! >= 0);
  return typeof id === "string" && typeof kind === "string" && Number.isSafeInteger(at) && isSeated;
}
