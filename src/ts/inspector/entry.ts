/** The fields of every entry of the journal; times are epoch milliseconds. */
interface Happening {
  /** Unique over all tabs: the tab's id and a number. */
  readonly id: string;
  /** The seat of the tab in which it happened; `null` until that tab has one. */
  slot: number | null;
  readonly at: number;
  /** The end, if it is over and lasted more than a moment. */
  end?: number;
}

/** A token that has arrived: its {@link fingerprint}, and its expiry. */
export interface Arrival {
  token?: string;
  expiresAt?: number | null;
}

/** A refresh that failed, the `attempt`-th in a row; the next will be made at `nextAt`. */
export interface Failure {
  attempt: number;
  nextAt: number;
}

/** A request to the refresh endpoint: `status` is `null` while it is under way, 0 if there was no answer. */
export interface Refresh extends Happening, Arrival, Partial<Failure> {
  kind: "refresh";
  status: number | null;
}

/** Calls of one API that follow each other closely: a hundred lines say no more than "100 calls". */
export interface Calls extends Happening {
  kind: "calls";
  method: string;
  /** The address, without its query and without possible identifiers. */
  path: string;
  /** The time of the latest call. */
  last: number;
  count: number;
  settled: number;
  /** The number of calls that had to wait for a token, and the longest wait, in ms. */
  held: number;
  heldMs: number;
  replayed: number;
  /** The status that caused the replays. */
  rejectedWith: number;
  /** The number of calls by outcome: a status, or an error's code or name. */
  outcomes: Record<string, number>;
}

/** One event in one tab. Nothing in it is secret: all tabs get it. */
export type Entry =
  | Refresh
  | Calls
  /** The inspector has begun to observe. */
  | (Happening & { kind: "opened" })
  /** A new token, from another tab, from the login endpoint, or from an unknown source. */
  | (Happening & Arrival & { kind: "handed" })
  | (Happening & Arrival & { kind: "signed-in" })
  | (Happening & Arrival & { kind: "renewed" })
  | (Happening & { kind: "signed-out"; reason: "logout" | "ended" | "elsewhere" })
  /** A failed refresh whose request was not observed. It may be another tab's. */
  | (Happening & Failure & { kind: "failed"; status: number })
  | (Happening & { kind: "step-up"; acrValues: string })
  | (Happening & { kind: "warning"; code: string })
  /** A note by the app itself. */
  | (Happening & { kind: "note"; text: string });

export type Kind = Entry["kind"];

/** The entry of a kind. */
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

/** The fields of an entry of one kind. */
export type Details<K extends Kind> = Omit<EntryOf<K>, keyof Happening | "kind">;

/** The token that arrived with an entry, if one did. */
export function arrivalOf(entry: Entry): Arrival {
  return "token" in entry ? entry : {};
}

/** The first letters of the token's public `jti`, which show that all tabs hold the same token. */
export function fingerprint(claims: unknown): string {
  const jti = (claims as { jti?: unknown } | null)?.jti;
  return typeof jti === "string" ? jti.replaceAll(/[^a-z0-9]/gi, "").slice(0, 6) : "opaque";
}
