import type { TokenManager } from "../index.ts";
import { TRANSPORT, type Transport } from "../transport.ts";
import type { EntryOf } from "./entry.ts";
import type { Journal } from "./journal.ts";
import { addressOf, placeOf } from "./place.ts";
import type { Totals } from "./totals.ts";

const SAME_BURST_MS = 250;

/** A call of `tokens.fetch` by the app that is under way. */
interface Call {
  /** Requests with the same key look alike. A call without a key has its own transport. */
  readonly key: string | null;
  readonly began: number;
  readonly burst: EntryOf<"calls">;
  departures: number;
  /** Whether it had to wait. */
  isHeld: boolean;
  /** The status of the answer; 0 before. */
  status: number;
}

type Send = (input: Request | string, init?: RequestInit) => Promise<Response>;

/** The arguments of a call, by an app or an adapter: see `transport.ts`. */
type CallInit = RequestInit & { [TRANSPORT]?: Transport };

/**
 * Observes the calls that go into a manager, and the requests that leave it. It reads methods, addresses and statuses,
 * but neither headers nor bodies.
 */
export class RequestObserver {
  /** Whether it observes requests that leave: {@link watched}. */
  isWatching = false;
  /** The last refresh request that is over, until its outcome is known. */
  refreshAnswered: EntryOf<"refresh"> | null = null;

  readonly #journal: Journal;
  readonly #totals: Totals;
  readonly #calls = new Set<Call>();
  #burst: EntryOf<"calls"> | null = null;

  constructor(journal: Journal, totals: Totals) {
    this.#journal = journal;
    this.#totals = totals;
  }

  /** How many calls wait for a token now. */
  get waiting(): number {
    return [...this.#calls].filter((call) => call.isHeld && call.departures === 0).length;
  }

  /** Observes a call of the app. */
  async call(fetch: TokenManager["fetch"], input: RequestInfo | URL, init?: CallInit): Promise<Response> {
    const call = this.#begin(input, init);
    try {
      const answer = fetch(input, this.#followed(call, init));
      // A call that does not have to wait for a token has left by now.
      call.isHeld = call.departures === 0 && (this.isWatching || call.key === null);
      const response = await answer;
      this.#settle(call, String(response.status));
      return response;
    } catch (error) {
      this.#settle(call, nameOfError(error));
      throw error;
    }
  }

  /** Observes a request of the manager to the refresh endpoint. */
  async refresh(send: Send, url: string, init?: RequestInit): Promise<Response> {
    const entry = this.#journal.write("refresh", { status: null });
    const over = (status: number) => {
      this.refreshAnswered = this.#journal.amend(entry, { status, end: Date.now() });
    };
    this.#totals.add("refreshes");
    try {
      const response = await send(url, init);
      over(response.status);
      return response;
    } catch (error) {
      over(0);
      throw error;
    }
  }

  /** Observes a request of the app that leaves now, perhaps for the second time. */
  async departure(send: Send, request: Request): Promise<Response> {
    const call = this.#departing(keyOf(request));
    return call ? this.#depart(call, () => send(request)) : send(request);
  }

  /** Follows the transport of a call, which knows for which call it sends. */
  #followed(call: Call, init: CallInit | undefined): CallInit | undefined {
    const transport = transportOf(init);
    if (!transport) return init;
    const value: Transport = (request) => this.#depart(call, () => transport(request));
    return Object.create(init ?? null, { [TRANSPORT]: { value } }) as CallInit;
  }

  #begin(input: RequestInfo | URL, init: CallInit | undefined): Call {
    const began = Date.now();
    const key = transportOf(init) ? null : keyOf(input, init);
    const burst = this.#burstFor(placeOf(input), methodOf(input, init), began);
    const call = { key, began, burst, departures: 0, isHeld: false, status: 0 };
    this.#calls.add(call);
    this.#journal.amend(burst, { count: burst.count + 1, last: began });
    this.#totals.add("calls");
    return call;
  }

  #burstFor(path: string, method: string, now: number): EntryOf<"calls"> {
    const burst = this.#burst;
    if (burst && burst.path === path && burst.method === method && now - burst.last < SAME_BURST_MS) return burst;
    const none = { count: 0, settled: 0, held: 0, heldMs: 0, replayed: 0, rejectedWith: 0, outcomes: {} };
    this.#burst = this.#journal.write("calls", { path, method, last: now, ...none });
    return this.#burst;
  }

  /** Of calls that look alike, the oldest that has not left yet, or else the oldest whose answer was rejected. */
  #departing(key: string): Call | undefined {
    const alike = [...this.#calls].filter((call) => call.key === key);
    return (
      alike.find((call) => call.departures === 0) ?? alike.find((call) => call.departures === 1 && call.status > 0)
    );
  }

  async #depart<Answer>(call: Call, send: () => Promise<Answer>): Promise<Answer> {
    this.#noteDeparture(call);
    const answer = await send();
    call.status = (answer as { status?: number }).status ?? 0;
    return answer;
  }

  #noteDeparture(call: Call): void {
    const { burst } = call;
    call.departures += 1;
    if (call.departures === 2) {
      this.#journal.amend(burst, { replayed: burst.replayed + 1, rejectedWith: call.status });
      this.#totals.add("replayed");
    } else if (call.isHeld) {
      this.#journal.amend(burst, { held: burst.held + 1, heldMs: Math.max(burst.heldMs, Date.now() - call.began) });
      this.#totals.add("held");
    }
  }

  #settle(call: Call, outcome: string): void {
    const { burst } = call;
    this.#calls.delete(call);
    const outcomes = { ...burst.outcomes, [outcome]: (burst.outcomes[outcome] ?? 0) + 1 };
    this.#journal.amend(burst, { settled: burst.settled + 1, outcomes, end: Date.now() });
  }
}

/** As the manager takes it: not from what a script adds to all objects. */
function transportOf(init: CallInit | undefined): Transport | undefined {
  return init && Object.hasOwn(init, TRANSPORT) ? init[TRANSPORT] : undefined;
}

function keyOf(input: RequestInfo | URL, init?: RequestInit): string {
  return `${methodOf(input, init)} ${addressOf(input)}`;
}

function methodOf(input: RequestInfo | URL, init?: RequestInit): string {
  return String(init?.method ?? (input as Partial<Request> | null)?.method ?? "GET").toUpperCase();
}

function nameOfError(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(typeof code === "string" ? code : (name ?? "error"));
}
