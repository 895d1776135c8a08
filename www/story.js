/**
 * Turns the manager's events into journal entries. A new token without a request of this tab's own to the refresh
 * endpoint was handed over by a sibling.
 */
export class Story {
  /** Where the current token came from: "sign-in", "refresh" or "sibling"; null without one. */
  via = null;
  /** When it arrived here, epoch ms. */
  arrived = null;
  /** The last refresh failure that no success has followed, or null. */
  failure = null;
  /** Why nobody is signed in: "logout", "ended", "elsewhere"; null if never signed in. */
  reason = null;

  #tokens;
  #journal;
  #witness;
  #totals;
  #signingIn = false;
  #signInToken = null;

  constructor(tokens, { journal, witness, totals }) {
    this.#tokens = tokens;
    this.#journal = journal;
    this.#witness = witness;
    this.#totals = totals;
    tokens.on("signed-in", () => this.#received());
    tokens.on("refreshed", () => this.#received());
    tokens.on("signed-out", ({ reason }) => this.#signedOut(reason));
    tokens.on("refresh-failed", (failure) => this.#failed(failure));
    tokens.on("step-up", ({ acrValues, maxAge }) => journal.write("step-up", { acrValues, maxAge }));
    tokens.on("warning", (warning) => journal.write("warning", { message: String(warning.code ?? warning.message ?? "") }));
  }

  /** Runs `adopt`, and takes a token that arrives meanwhile for the one that the login endpoint returned. */
  async duringSignIn(adopt) {
    this.#signingIn = true;
    try {
      await adopt();
      // The event may come after the promise.
      this.#signInToken = fingerprint(this.#tokens.claims);
    } finally {
      this.#signingIn = false;
    }
  }

  #received() {
    const held = { token: fingerprint(this.#tokens.claims), expiresAt: this.#tokens.expiresAt, who: nameOf(this.#tokens.claims) };
    this.arrived = Date.now();
    this.failure = null;
    this.reason = null;
    this.via = this.#account(held);
  }

  #account(held) {
    const refresh = this.#witness.refreshAnswered;
    this.#witness.refreshAnswered = null;
    if (refresh !== null) {
      this.#journal.amend(refresh, held);
      return "refresh";
    }
    if (this.#signingIn || held.token === this.#signInToken) {
      this.#signInToken = null;
      this.#journal.write("signed-in", held);
      return "sign-in";
    }
    this.#journal.write("handed", held);
    this.#totals.add("handed");
    return "sibling";
  }

  #signedOut(reason) {
    if (this.via === null) return;
    this.via = null;
    this.arrived = null;
    this.failure = null;
    this.reason = reason;
    this.#witness.refreshAnswered = null;
    this.#journal.write("signed-out", { reason });
  }

  #failed({ status, attempt, retryInMs }) {
    this.failure = { status, attempt, nextAt: retryInMs === undefined || retryInMs === null ? null : Date.now() + retryInMs };
    this.#journal.write("failed", this.failure);
  }
}

/** The first letters of the token's `jti`: a public number, by which one sees that all tabs hold the same token. */
export function fingerprint(claims) {
  return typeof claims?.jti === "string" ? claims.jti.replaceAll(/[^a-z0-9]/gi, "").slice(0, 6) : "opaque";
}

/** Who the claims speak of. */
export function nameOf(claims) {
  return claims?.name ?? claims?.sub ?? "someone";
}
