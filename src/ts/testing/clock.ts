/** The time of a test: it stands still unless the test moves it. */
export class TestClock {
  /** Epoch milliseconds. */
  now: number;
  #alarms: Alarm[] = [];
  #underWay = 0;

  /** @internal */
  constructor(now: number) {
    this.now = now;
  }

  /**
   * Lets `ms` milliseconds go by. All that becomes due on the way happens in its order, each at its moment; resolves when
   * it has been done, answers of the backend included, unless the test holds them.
   */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#alarms.splice(this.#alarms.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.ring();
      await this.settle();
    }
    this.now = end;
  }

  /** Resolves when all that is due now has been done. No time goes by. */
  async settle(): Promise<void> {
    let quiet = 0;
    for (let turns = 0; quiet < 3 && turns < 200; turns++) {
      await turn();
      quiet = this.#underWay > 0 ? 0 : quiet + 1;
    }
  }

  /** Calls `ring` at that moment. Returns what prevents it. @internal */
  at(moment: number, ring: () => void): () => void {
    const alarm = { at: moment, ring };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /** What comes of `promise` is waited for when time is moved. @internal */
  watch<T>(promise: Promise<T>): Promise<T> {
    this.#underWay++;
    const over = () => void this.#underWay--;
    promise.then(over, over);
    return promise;
  }

  /** The earliest that is due by `end`. */
  #next(end: number): Alarm | undefined {
    const [first] = this.#alarms.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
    return first;
  }
}

interface Alarm {
  at: number;
  ring: () => void;
}

/** Lets everything run that can run now. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
