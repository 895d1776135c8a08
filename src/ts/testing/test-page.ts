import type { TestClock } from "./clock.ts";

/** The page that the manager is in. Only a visible one refreshes ahead of time. */
export class TestPage extends EventTarget {
  /** As `document.visibilityState`. */
  visibilityState: "visible" | "hidden";
  /** Of the cookies, there is one copy in a browser. */
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

  /** As `document.cookie`, but set as a whole. Until then, it is what the test's own page has, if there is one. */
  get cookie(): string {
    return this.#first.#cookie ?? globalThis.document?.cookie ?? "";
  }

  set cookie(cookie: string) {
    this.#first.#cookie = cookie;
  }

  /** The person looks at something else. */
  readonly hide = (): Promise<void> => this.#become("hidden");

  /** The person looks at it again. */
  readonly show = (): Promise<void> => this.#become("visible");

  #become(state: TestPage["visibilityState"]): Promise<void> {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
    return this.#clock.settle();
  }
}
