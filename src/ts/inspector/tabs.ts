import type { Status } from "../index.ts";
import type { Counts } from "./totals.ts";

const ROLL_CALL_MS = 150;
const GREET_EVERY_MS = 4_000;
const SILENT_MS = 12_000;
const GONE_MS = 120_000;
const ANNOUNCE_MS = 80;

/** A tab that has an inspector. */
export interface Tab {
  readonly id: string;
  /** Its place, from 0, which gives its name and its colour. `null` until the tab has asked which places are taken. */
  slot: number | null;
  readonly opened: number;
  status: Status | null;
  expiresAt: number | null;
  totals: Counts | null;
}

interface Message {
  kind: string;
  tab: Tab;
  data: unknown;
}

/** This tab and its peers: the messages of all inspectors, over their own channel. */
export class Tabs {
  readonly me: Tab = {
    // An insecure context has no `randomUUID`.
    id: crypto.getRandomValues(new Uint32Array(4)).join("-"),
    slot: null,
    opened: Date.now(),
    status: null,
    expiresAt: null,
    totals: null,
  };
  readonly #name: string;
  readonly #others = new Map<string, Tab & { heard: number }>();
  readonly #hearers = new Map<string, (data: unknown, tab: Tab) => void>();
  readonly #listeners = new Set<() => void>();
  #channel: BroadcastChannel | null = null;
  #listening: AbortController | null = null;
  #greeting: ReturnType<typeof setInterval> | undefined;
  #rollCall: ReturnType<typeof setTimeout> | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;

  /** `name` is the name of the managers whose tabs meet. */
  constructor(name: string) {
    this.#name = `tokenhold-inspector:${name}`;
  }

  /** Joins the peers: asks which slots are taken, then takes the first free one. */
  enter(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    // An open channel that receives a message would evict this page from the back/forward cache.
    addEventListener("pagehide", () => this.#disconnect(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#connect(), { signal });
    document.addEventListener("visibilitychange", () => this.#greet(), { signal });
    this.#greeting = setInterval(() => this.#greet(), GREET_EVERY_MS);
    this.#connect();
    this.#rollCall = setTimeout(() => this.#sit(), ROLL_CALL_MS);
  }

  /** Says goodbye to the peers. Nothing is left behind. */
  leave(): void {
    this.#listening?.abort();
    clearInterval(this.#greeting);
    clearTimeout(this.#rollCall);
    clearTimeout(this.#announcing);
    this.#announcing = undefined;
    this.#disconnect();
    this.#others.clear();
  }

  /** All tabs known to be open, this one included, by slot. */
  present(): Tab[] {
    const others = [...this.#others.values()].filter((tab) => Date.now() - tab.heard < GONE_MS);
    return [this.me, ...others].filter((tab) => tab.slot !== null).sort((a, b) => a.slot! - b.slot!);
  }

  /** Whether a tab has been silent for so long that it must be asleep, or gone without notice. */
  isSilent(tab: Tab): boolean {
    return Date.now() - (this.#others.get(tab.id)?.heard ?? Infinity) > SILENT_MS;
  }

  /** Changes the state of this tab, and tells the peers. */
  update(patch: Partial<Tab>): void {
    Object.assign(this.me, patch);
    this.#changed();
    if (this.#announcing !== undefined || this.#channel === null) return;
    this.#announcing = setTimeout(() => {
      this.#announcing = undefined;
      this.say("here");
    }, ANNOUNCE_MS);
  }

  /** Sends a message to the peers, with the state of this tab. */
  say(kind: string, data?: unknown): void {
    this.#channel?.postMessage({ kind, tab: this.me, data } satisfies Message);
  }

  /** Calls `hearer` for each message of a kind from a peer. */
  hear(kind: string, hearer: (data: unknown, tab: Tab) => void): void {
    this.#hearers.set(kind, hearer);
  }

  /** Calls `listener` when a tab comes, goes or changes. Returns a function that ends this. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #connect(): void {
    this.#disconnect();
    if (typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => isMessage(data) && this.#receive(data);
    this.say("hello");
  }

  #disconnect(): void {
    this.say("bye");
    this.#channel?.close();
    this.#channel = null;
  }

  #greet(): void {
    if (document.visibilityState === "visible" && this.me.slot !== null) this.say("hello");
    this.#changed();
  }

  #receive({ kind, tab, data }: Message): void {
    if (kind === "bye") this.#others.delete(tab.id);
    else this.#others.set(tab.id, { ...tab, heard: Date.now() });
    if (kind === "hello") this.say("here");
    if (kind !== "bye") this.#yieldSeatTo(tab);
    this.#hearers.get(kind)?.(data, tab);
    this.#changed();
  }

  // Two tabs opened in the same moment may have chosen the same slot: the later one moves.
  #yieldSeatTo(tab: Tab): void {
    if (this.me.slot === null || tab.slot !== this.me.slot) return;
    const older = tab.opened < this.me.opened || (tab.opened === this.me.opened && tab.id < this.me.id);
    if (older) this.#sit();
  }

  #sit(): void {
    const taken = new Set([...this.#others.values()].map((tab) => tab.slot));
    if (this.me.slot !== null && !taken.has(this.me.slot)) return this.update({});
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    this.update({ slot });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether this is one of our messages: any script of the origin may post on the channel. */
function isMessage(data: unknown): data is Message {
  const { kind, tab } = (data ?? {}) as Partial<Message>;
  if (typeof kind !== "string" || typeof tab?.id !== "string") return false;
  return tab.slot === null || (Number.isInteger(tab.slot) && tab.slot >= 0);
}
