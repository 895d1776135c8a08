import type { TestClock } from "./clock.ts";

/** Moments at which something is due, one for each name: `src/core/timer.rs`. */
export class Timers<Name extends string> {
  readonly #clock: TestClock;
  readonly #due = new Map<Name, number>();

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  /** It is due in `ms` milliseconds. */
  set(name: Name, ms: number): void {
    this.#due.set(name, this.#clock.now + ms);
  }

  stop(...names: Name[]): void {
    for (const name of names) this.#due.delete(name);
  }

  stopAll(): void {
    this.#due.clear();
  }

  isSet(name: Name): boolean {
    return this.#due.has(name);
  }

  /** Calls `ring` with each that is due now, as long as what was rung before leaves it. */
  ring(ring: (name: Name) => void): void {
    const now = this.#clock.now;
    for (const [name, due] of [...this.#due]) {
      if (due > now || this.#due.get(name) !== due) continue;
      this.#due.delete(name);
      ring(name);
    }
  }

  /** When the next is due. */
  get next(): number | undefined {
    return this.#due.size > 0 ? Math.min(...this.#due.values()) : undefined;
  }
}
