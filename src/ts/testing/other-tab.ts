import type { Person, TestBackend } from "./backend.ts";
import type { TestClock } from "./clock.ts";
import type { Driver } from "./driver.ts";

/** Another tab of the same browser, with a manager of the same name. */
export class OtherTab<Claims = unknown> {
  readonly #driver: Driver;
  readonly #backend: TestBackend<Claims>;
  readonly #clock: TestClock;

  /** @internal */
  constructor(driver: Driver, backend: TestBackend<Claims>, clock: TestClock) {
    this.#driver = driver;
    this.#backend = backend;
    this.#clock = clock;
  }

  /** Signs somebody in there. Resolves when it is known here. */
  async signIn(person: Person<Claims>): Promise<void> {
    await this.#tellOf(this.#backend.signIn(person), "signIn");
  }

  /** Refreshes there. Resolves when the new token is known here. */
  async refresh(): Promise<void> {
    if (!this.#backend.hasSession) throw new Error("there is no session that another tab could refresh");
    await this.#tellOf(this.#backend.renew(), "refresh");
  }

  /** Signs out there, at the backend too. Resolves when it is known here. */
  async logout(): Promise<void> {
    this.#backend.endSession();
    this.#driver.drive((machine) => machine.heardOfLogout());
    await this.#clock.settle();
  }

  async #tellOf(response: Response, how: "signIn" | "refresh"): Promise<void> {
    await this.#driver.hear(response, how);
    await this.#clock.settle();
  }
}
