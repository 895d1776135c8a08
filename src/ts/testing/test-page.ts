import type { TestClock } from "./clock.ts";

/** The page that the manager is in. Only a visible one refreshes ahead of time. */
export class TestPage extends EventTarget {
  /** Like `document.visibilityState`. */
  visibilityState: "visible" | "hidden";
  /** The page with the cookies, which all tabs of a browser share. */
  readonly #first: TestPage;
  readonly #clock: TestClock;
  #cookie: string | undefined;

  /** @internal */
  constructor(visibilityState: TestPage["visibilityState"], first: TestPage | undefined, clock: TestClock) {
    super();
    this.visibilityState = visibilityState;
    this.#first = first ?? this;
    this.#clock = clock;
  }

  /** Like `document.cookie`, but set as a whole. Until it is set, the page that the test runs in gives it, if any. */
  get cookie(): string {
    return this.#first.#cookie ?? globalThis.document?.cookie ?? "";
  }

  set cookie(cookie: string) {
    this.#first.#cookie = cookie;
  }

  /** Hides the page, as when the user turns to another tab. Resolves when that has had its effects. */
  readonly hide = (): Promise<void> => this.#become("hidden");

  /** Shows the page again. Resolves when that has had its effects. */
  readonly show = (): Promise<void> => this.#become("visible");

  #become(state: TestPage["visibilityState"]): Promise<void> {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
    return this.#clock.settle();
  }
}
