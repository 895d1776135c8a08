/** The bound of the first back-off; it doubles with every failure. */
const BASE_MS = 1_000;
const CAP_MS = 60_000;
const RETRY_AFTER_CAP_MS = 3_600_000;

/** Why a refresh failed without ending the session. */
export interface Failure {
  kind: "network" | "timeout" | "status" | "malformed";
  status?: number;
  /** What `fetch` rejected with. */
  cause?: unknown;
}

/** Failures in a row, and how long to leave the backend alone after each: `src/core/trouble.rs`. */
export class Trouble {
  failures = 0;
  last: Failure | undefined;
  #gate = 0;
  #mayBeJumped = false;

  /** Counts a failure. */
  add(
    failure: Failure,
    retryAfter: number | undefined,
    someoneWaited: boolean,
    random: () => number,
    now: number,
  ): void {
    const asked =
      retryAfter !== undefined && retryAfter >= BASE_MS ? Math.min(retryAfter, RETRY_AFTER_CAP_MS) : undefined;
    const [least, spread] =
      asked === undefined ? [0, Math.min(CAP_MS, BASE_MS * 2 ** this.failures)] : [asked, asked / 5];
    this.#gate = now + Math.floor(least + random() * spread);
    this.#mayBeJumped = asked === undefined && !someoneWaited;
    this.failures++;
    this.last = failure;
  }

  /** Milliseconds until one may try again; 0: at once. */
  wait(someoneWaits: boolean, now: number): number {
    return someoneWaits && this.#mayBeJumped ? 0 : Math.max(0, this.#gate - now);
  }

  /** Lets one try again at once. */
  openGate(): void {
    this.#gate = 0;
  }

  clear(): void {
    this.failures = 0;
    this.last = undefined;
    this.#gate = 0;
    this.#mayBeJumped = false;
  }
}
