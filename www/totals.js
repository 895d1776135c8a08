/** What this tab has counted since it opened; the siblings are told, so that each can show the sum. */
export class Totals {
  #tabs;
  #own = { calls: 0, held: 0, replayed: 0, refreshes: 0, handed: 0 };

  constructor(tabs) {
    this.#tabs = tabs;
    tabs.update({ totals: this.#own });
  }

  /** Counts one more. */
  add(name) {
    this.#own[name] += 1;
    this.#tabs.update({ totals: { ...this.#own } });
  }

  /** `{ here, everywhere }` for one count. */
  read(name) {
    const everywhere = this.#tabs.present().reduce((sum, tab) => sum + (tab.totals?.[name] ?? 0), 0);
    return { here: this.#own[name], everywhere };
  }
}
