import { reportError, turn } from "./real.ts";

type Timer = { at: number; ring: () => void };

/** The time of a test: it stands still unless the test moves it. */
export class TestClock {
  /** Epoch milliseconds. */
  now: number;
  /** In the order in which they are due. */
  #timers: Timer[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  /** @internal */
  constructor(now: number) {
    this.now = now;
  }

  /**
   * Lets `ms` milliseconds go by. Each timer fires when it is due. Resolves when all that follows from that has been
   * done, including the backend's answers, except those that the test holds back.
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

  /** Resolves when everything that is due now has been done. No time goes by. */
  async settle(): Promise<void> {
    for (let turns = 0; turns === 0 || this.#underWay.size > 0; turns++) {
      if (turns >= 2_000) throw new Error("this moment never ends: whatever is over is begun again at once");
      await Promise.allSettled(this.#underWay);
      // By the end of a turn, everything that follows from these promises has been done, or is under way itself.
      await turn();
    }
  }

  /** Like a page's. A timer that is due at once does not wait until the test moves the clock. @internal */
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

  /** Runs a task after the one that is running now, as a browser does. @internal */
  soon(task: () => void): void {
    this.watch(turn()).then(task).catch(reportError);
  }

  /** Makes {@link TestClock.advance} and {@link TestClock.settle} wait for this promise. @internal */
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
