import type { TestClock } from "./clock.ts";
import type { Driver } from "./driver.ts";

/** The page that the manager is in. Only a visible one refreshes ahead of time. */
export class TestPage {
  readonly #driver: Driver;
  readonly #clock: TestClock;

  /** @internal */
  constructor(driver: Driver, clock: TestClock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  /** The person looks at something else. */
  async hide(): Promise<void> {
    this.#driver.drive((machine) => machine.visibility(false));
    await this.#clock.settle();
  }

  /** The person looks at it again. */
  async show(): Promise<void> {
    this.#driver.drive((machine) => machine.visibility(true));
    await this.#clock.settle();
  }

  /** @internal */
  online(): void {
    this.#driver.drive((machine) => machine.online());
  }
}
