import type { Tabs } from "./tabs.ts";

/** The counts in a tab since it was opened. */
export interface Counts {
  refreshes: number;
  handed: number;
  calls: number;
  held: number;
  replayed: number;
}

/** The counts of this tab. The peers get them, so that each can show the sum. */
export class Totals {
  readonly #tabs: Tabs;
  #own: Counts = { refreshes: 0, handed: 0, calls: 0, held: 0, replayed: 0 };

  constructor(tabs: Tabs) {
    this.#tabs = tabs;
  }

  /** Counts one more. */
  add(what: keyof Counts): void {
    this.#own = { ...this.#own, [what]: this.#own[what] + 1 };
    this.#tabs.update({ totals: this.#own });
  }

  /** One of the counts: in this tab, and in all that are open. */
  read(what: keyof Counts): { here: number; everywhere: number } {
    const others = this.#tabs.present().filter((tab) => tab !== this.#tabs.me);
    const everywhere = others.reduce((sum, { totals }) => sum + (Number(totals?.[what]) || 0), this.#own[what]);
    return { here: this.#own[what], everywhere };
  }
}
