import { reportError, turn } from "./real.ts";

type Timer = { at: number; ring: () => void };

/** The time of a test: it stands still unless the test moves it. */
export class TestClock {
  /** Epoch milliseconds. */
  now: number;
  /** The earliest comes first. */
  #timers: Timer[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  /** @internal */
  constructor(now: number) {
    this.now = now;
  }

  /**
   * Lets `ms` milliseconds go by. All that becomes due on the way happens in its order, each at its moment; resolves when
   * it has been done, answers of the backend included, unless the test holds them.
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError("clock.advance() takes milliseconds: 0, or more");
    const end = this.now + ms;
    await this.settle();
    for (let [next] = this.#timers; next && next.at <= end; [next] = this.#timers) {
      this.now = Math.max(this.now, next.at);
      this.#ring(next);
      await this.settle();
    }
    this.now = Math.max(this.now, end);
  }

  /** Resolves when all that is due now has been done. No time goes by. */
  async settle(): Promise<void> {
    for (let turns = 0; turns === 0 || this.#underWay.size > 0; turns++) {
      if (turns >= 2_000) throw new Error("this moment never ends: whatever is over is begun again at once");
      await Promise.allSettled(this.#underWay);
      // By the end of a turn, whatever follows from what is over has been done, or is under way.
      await turn();
    }
  }

  /** As a page's; one that is due at once does not wait for the test. @internal */
  readonly setTimeout = (ring: () => void, ms = 0): object => {
    const timer = { at: this.now + ms, ring };
    this.#timers = [...this.#timers, timer].sort((one, other) => one.at - other.at);
    if (ms <= 0) this.soon(() => this.#ring(timer));
    return timer;
  };

  /** @internal */
  readonly clearTimeout = (timer: object): void => {
    this.#timers = this.#timers.filter((each) => each !== timer);
  };

  /** Runs a task, as a browser does: after what is running now. @internal */
  soon(task: () => void): void {
    this.watch(turn()).then(task).catch(reportError);
  }

  /** Whoever moves or settles the time waits for this promise. @internal */
  readonly watch = <T>(promise: Promise<T>): Promise<T> => {
    const over = () => void this.#underWay.delete(promise);
    this.#underWay.add(promise);
    promise.then(over, over);
    return promise;
  };

  #ring(timer: Timer): void {
    if (!this.#timers.includes(timer)) return;
    this.clearTimeout(timer);
    timer.ring();
  }
}
