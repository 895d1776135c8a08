/** Time that stands still until it is moved, in the place of the page's clocks and timers. */
const real = { setImmediate, setTimeout };

/** When every world begins. */
export const START = Date.UTC(2030, 0);

export class StoppedClock {
  now = 0;
  #origin = 0;
  #timers = new Map();
  #last = 0;
  #underWay = 0;

  install() {
    Date.now = () => this.now;
    performance.now = () => this.now - this.#origin;
    globalThis.setTimeout = (ring, ms = 0) => {
      this.#timers.set(++this.#last, { ring, at: this.now + ms });
      // What is due at once is so whether time is moved or not.
      if (ms <= 0) this.#ringSoon(this.#last);
      return this.#last;
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
  }

  /** It is `now`, and nothing is due. Neither clock of a page goes back. */
  begin(now) {
    this.#timers.clear();
    this.#origin -= this.now - now;
    this.now = now;
  }

  async advance(ms) {
    const end = this.now + ms;
    await this.settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      const [timer, { at, ring }] = next;
      this.#timers.delete(timer);
      this.now = Math.max(this.now, at);
      ring();
      await this.settle();
    }
    this.now = end;
  }

  /**
   * Until nothing has been under way for a while: what a lock, a channel or an answer takes is counted in turns, not in
   * time. An answer that the test holds back is not waited for.
   */
  async settle() {
    let quiet = 0;
    for (let turns = 0; quiet < 4 && turns < 25; turns++) {
      await new Promise((resolve) => real.setTimeout(resolve));
      quiet = this.#underWay > 0 ? 0 : quiet + 1;
    }
  }

  watch(promise) {
    this.#underWay++;
    const over = () => void this.#underWay--;
    promise.then(over, over);
    return promise;
  }

  #ringSoon(timer) {
    real.setImmediate(() => {
      const due = this.#timers.get(timer);
      this.#timers.delete(timer);
      due?.ring();
    });
  }

  #next(end) {
    const due = [...this.#timers].filter(([, { at }]) => at <= end);
    return due.sort(([, one], [, other]) => one.at - other.at)[0];
  }
}
