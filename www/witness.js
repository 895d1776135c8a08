const CALL_HEADER = "x-sample-call";
const SAME_BURST_MS = 250;

/**
 * Sees that a request left this tab, and what status came back: it is the `fetch` that the manager is given.
 * It reads the request's path and the page's own call number, and no other header.
 */
export class Witness {
  /** The journal entry of this tab's last refresh request, until the token that it brought has been accounted for. */
  refreshAnswered = null;
  /** Why the next refresh request will be made, if the page itself asked for it. */
  purpose = null;

  #journal;
  #totals;
  #tokens = null;
  #calls = new Map();
  #called = 0;
  #burst = null;

  constructor(journal, totals) {
    this.#journal = journal;
    this.#totals = totals;
  }

  /** The manager through which `call` goes. */
  follow(tokens) {
    this.#tokens = tokens;
  }

  /** Calls the API through the manager, and notes how the call fared. */
  async call(path, init = {}) {
    const call = this.#begin(path, init.method ?? "GET");
    try {
      const headers = { ...init.headers, [CALL_HEADER]: call.number };
      const response = await this.#tokens.fetch(path, { ...init, headers });
      this.#settle(call, String(response.status));
      return response;
    } catch (error) {
      this.#settle(call, error.code ?? error.name);
      throw error;
    }
  }

  /** The `fetch` option of the manager. */
  fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    if (url.pathname === "/auth/refresh") return this.#watchRefresh(input, init);
    const call = this.#calls.get(callNumber(input, init));
    if (call) this.#depart(call);
    const response = await fetch(input, init);
    if (call && response.status === 401) this.#note(call.burst, { rejected: call.burst.rejected + 1 });
    return response;
  };

  async #watchRefresh(input, init) {
    const entry = this.#journal.write("refresh", { status: null, purpose: this.purpose });
    this.purpose = null;
    this.#totals.add("refreshes");
    try {
      const response = await fetch(input, init);
      this.#journal.amend(entry, { status: response.status, end: Date.now() });
      if (response.ok) this.refreshAnswered = entry;
      return response;
    } catch (error) {
      this.#journal.amend(entry, { status: 0, end: Date.now() });
      throw error;
    }
  }

  #begin(path, method) {
    this.#called += 1;
    const call = { number: String(this.#called), began: Date.now(), heldWith: this.#held(), departures: 0 };
    call.burst = this.#burstFor(path, method, call.began);
    this.#calls.set(call.number, call);
    this.#note(call.burst, { count: call.burst.count + 1, last: call.began });
    this.#totals.add("calls");
    return call;
  }

  // Calls that follow one another closely are one entry: a hundred lines say no more than "100 calls".
  #burstFor(path, method, now) {
    const burst = this.#burst;
    const same = burst && burst.path === path && burst.method === method && now - burst.last < SAME_BURST_MS;
    if (same) return burst;
    const counts = { count: 0, settled: 0, held: 0, heldMs: 0, rejected: 0, replayed: 0, outcomes: {} };
    this.#burst = this.#journal.write("calls", { path, method, last: now, ...counts });
    return this.#burst;
  }

  #depart(call) {
    call.departures += 1;
    const { burst } = call;
    if (call.departures === 2) {
      this.#note(burst, { replayed: burst.replayed + 1 });
      this.#totals.add("replayed");
    } else if (call.heldWith !== this.#held()) {
      this.#note(burst, { held: burst.held + 1, heldMs: Math.max(burst.heldMs, Date.now() - call.began) });
      this.#totals.add("held");
    }
  }

  #settle(call, outcome) {
    this.#calls.delete(call.number);
    const { burst } = call;
    const outcomes = { ...burst.outcomes, [outcome]: (burst.outcomes[outcome] ?? 0) + 1 };
    this.#note(burst, { settled: burst.settled + 1, outcomes, end: Date.now() });
  }

  // A call was held back if the manager had another token, or none, when the call was made.
  #held() {
    return `${this.#tokens.status} ${this.#tokens.expiresAt}`;
  }

  #note(burst, changes) {
    this.#journal.amend(burst, changes);
  }
}

function callNumber(input, init) {
  const headers = init?.headers ?? (input instanceof Request ? input.headers : undefined);
  return new Headers(headers).get(CALL_HEADER);
}
