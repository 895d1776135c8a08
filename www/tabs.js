const CHANNEL = "sample-timeline";
const NAMES = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Willow"];
const TONES = 8;
const ROLL_CALL_MS = 150;
const SILENT_MS = 12_000;
const GONE_MS = 120_000;
const GREET_EVERY_MS = 4_000;

/**
 * This tab and its siblings. Each has a slot, and from the slot a name and a colour.
 * What the tabs tell each other here is what the page shows: never a token.
 */
export async function meetTabs() {
  const tabs = new Tabs();
  await tabs.takeSeat();
  return tabs;
}

class Tabs {
  me = { id: crypto.randomUUID(), slot: null, opened: Date.now() };
  #others = new Map();
  #hearers = new Map();
  #listeners = new Set();
  #channel = null;
  #announcing = false;

  constructor() {
    this.#connect();
    // An open channel that receives a message would evict this page from the back/forward cache.
    addEventListener("pagehide", () => this.#disconnect());
    addEventListener("pageshow", (event) => event.persisted && this.#connect());
    document.addEventListener("visibilitychange", () => this.#greet());
    setInterval(() => this.#greet(), GREET_EVERY_MS);
  }

  /** Asks who is there, then takes the first free slot. */
  async takeSeat() {
    this.say("hello", {});
    await new Promise((resolve) => setTimeout(resolve, ROLL_CALL_MS));
    this.#sit();
  }

  /** All tabs known to be open, this one included, by slot. */
  present() {
    const others = [...this.#others.values()].filter((tab) => tab.slot !== null && Date.now() - tab.heard < GONE_MS);
    return [this.me, ...others].sort((a, b) => a.slot - b.slot);
  }

  /** Whether a tab has been silent for so long that it is asleep, or gone without a word. */
  isSilent(tab) {
    return tab !== this.me && Date.now() - tab.heard > SILENT_MS;
  }

  /** Changes what is known of this tab, and tells the siblings. */
  update(patch) {
    Object.assign(this.me, patch);
    this.#changed();
    if (this.#announcing) return;
    this.#announcing = true;
    setTimeout(() => {
      this.#announcing = false;
      this.say("here", {});
    }, 80);
  }

  /** Sends a message to the siblings; each one carries what is known of this tab. */
  say(kind, data) {
    this.#channel?.postMessage({ kind, tab: this.me, data });
  }

  /** Calls `hearer(data, tab)` for each message of a kind from a sibling. */
  hear(kind, hearer) {
    this.#hearers.set(kind, [...(this.#hearers.get(kind) ?? []), hearer]);
  }

  /** Calls `listener` when a tab comes, goes or changes. */
  on(listener) {
    this.#listeners.add(listener);
  }

  #connect() {
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    if (this.me.slot !== null) this.say("hello", {});
  }

  #disconnect() {
    this.say("bye", {});
    this.#channel?.close();
    this.#channel = null;
  }

  #greet() {
    if (document.visibilityState === "visible" && this.me.slot !== null) this.say("hello", {});
    this.#changed();
  }

  #receive({ kind, tab, data }) {
    if (kind === "bye") this.#others.delete(tab.id);
    else this.#others.set(tab.id, { ...tab, heard: Date.now() });
    if (kind === "hello") this.say("here", {});
    if (kind !== "bye") this.#yieldSeatTo(tab);
    for (const hearer of this.#hearers.get(kind) ?? []) hearer(data, tab);
    this.#changed();
  }

  // Two tabs opened in the same moment may have chosen the same slot: the later one moves.
  #yieldSeatTo(tab) {
    if (this.me.slot === null || tab.slot !== this.me.slot) return;
    const older = tab.opened < this.me.opened || (tab.opened === this.me.opened && tab.id < this.me.id);
    if (older) this.#sit();
  }

  #sit() {
    const taken = new Set([...this.#others.values()].map((tab) => tab.slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    this.update({ slot });
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}

/** The name that goes with a slot. */
export function nameOf(slot) {
  const round = Math.floor(slot / NAMES.length);
  return NAMES[slot % NAMES.length] + (round === 0 ? "" : ` ${round + 1}`);
}

/** The CSS class that sets `--tone` for a slot. */
export function toneOf(slot) {
  return `tone-${slot % TONES}`;
}
