import type { TokenManager } from "../index.ts";
import { type Arrival, type EntryOf, type Failure, fingerprint } from "./entry.ts";
import type { Observation } from "./observation.ts";

/**
 * Turns one manager's events into entries of the journal. If requests are observed, a new token without a refresh
 * request was handed over by a peer.
 */
export class Story {
  readonly tokens: TokenManager<unknown>;
  /** When the current token arrived here, epoch ms; `null` without a token, or if that was not observed. */
  arrived: number | null = null;
  /** The last failure, until a success; `status` is 0 if there was no answer. */
  failure: (Failure & { readonly status: number }) | null = null;

  readonly #observation: Observation;
  readonly #ends: (() => void)[];
  #held: Arrival | null = null;
  #signingIn = 0;
  #fromLogin: Arrival | null = null;

  constructor(tokens: TokenManager<unknown>, observation: Observation) {
    this.tokens = tokens;
    this.#observation = observation;
    const { journal } = observation;
    if (tokens.status === "signed-in") this.#begin();
    this.#ends = [
      tokens.on("signed-in", () => this.#received()),
      tokens.on("refreshed", () => this.#received()),
      tokens.on("signed-out", ({ reason }) => this.#signedOut(reason)),
      tokens.on("refresh-failed", (failure) => this.#failed(failure)),
      tokens.on("recovered", () => (this.failure = null)),
      tokens.on("step-up", ({ acrValues }) => void journal.write("step-up", { acrValues: acrValues.join(" ") })),
      tokens.on("warning", ({ code }) => void journal.write("warning", { code })),
    ];
  }

  end(): void {
    for (const end of this.#ends) end();
  }

  /** Runs `signIn`, and attributes a token that arrives meanwhile to the login endpoint. */
  async duringSignIn(signIn: () => Promise<void>): Promise<void> {
    this.#signingIn += 1;
    try {
      await signIn();
      // The event may come after the promise.
      if (!sameToken(this.#held, this.#current())) this.#fromLogin = this.#current();
    } finally {
      this.#signingIn -= 1;
    }
  }

  /** There is a token already. It is known whether this tab requested it. */
  #begin(): void {
    this.#held = this.#current();
    const refresh = this.#takeRefresh();
    if (!isGood(refresh)) return;
    this.#observation.journal.amend(refresh, this.#held);
    this.arrived = refresh.end ?? null;
  }

  #received(): void {
    const current = this.#current();
    // The event of a token that was there when the observation began.
    if (sameToken(current, this.#held)) return;
    this.#held = current;
    this.arrived = Date.now();
    this.#account(current);
  }

  #account(current: Arrival): void {
    const { journal, totals, requestObserver } = this.#observation;
    const fromLogin = this.#signingIn > 0 || sameToken(current, this.#fromLogin);
    const refresh = this.#takeRefresh();
    this.#fromLogin = null;
    if (isGood(refresh)) return void journal.amend(refresh, current);
    if (fromLogin) return void journal.write("signed-in", current);
    if (!requestObserver.isWatching) return void journal.write("renewed", current);
    journal.write("handed", current);
    totals.add("handed");
  }

  #signedOut(reason: "logout" | "ended" | "elsewhere"): void {
    const wasSignedIn = this.#held !== null;
    this.#held = null;
    this.arrived = null;
    this.#takeRefresh();
    if (wasSignedIn) this.#observation.journal.write("signed-out", { reason });
  }

  #failed({ status = 0, attempt, retryInMs }: { status?: number; attempt: number; retryInMs: number }): void {
    const { journal } = this.#observation;
    const failure = { attempt, nextAt: Date.now() + retryInMs };
    const refresh = this.#takeRefresh();
    this.failure = { status, ...failure };
    if (refresh) journal.amend(refresh, failure);
    else journal.write("failed", this.failure);
  }

  #takeRefresh() {
    const { requestObserver } = this.#observation;
    const refresh = requestObserver.refreshAnswered;
    requestObserver.refreshAnswered = null;
    return refresh;
  }

  #current(): Arrival {
    return { token: fingerprint(this.tokens.claims), expiresAt: this.tokens.expiresAt };
  }
}

function isGood(refresh: EntryOf<"refresh"> | null): refresh is EntryOf<"refresh"> {
  const status = refresh?.status ?? 0;
  return status >= 200 && status < 300;
}

/** A token without a known name and expiry may always be a different one. */
function sameToken(one: Arrival | null, other: Arrival | null): boolean {
  if (one === null || other === null) return false;
  const isKnown = one.expiresAt !== null || one.token !== "opaque";
  return isKnown && one.token === other.token && one.expiresAt === other.expiresAt;
}
