/** What every entry of the journal says; times are epoch milliseconds. */
interface Happening {
  /** Unique over all tabs: the tab's id and a number. */
  readonly id: string;
  /** The seat of the tab in which it happened; `null` until that tab has one. */
  slot: number | null;
  readonly at: number;
  /** Until when it lasted, if it is over and was more than a moment. */
  end?: number;
}

/** The token that has arrived: its {@link fingerprint}, and when it expires. */
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

/** Calls of one API that follow one another closely: a hundred lines say no more than "100 calls". */
export interface Calls extends Happening {
  kind: "calls";
  method: string;
  /** Without query, and without what may be an identifier. */
  path: string;
  /** When the latest was made. */
  last: number;
  count: number;
  settled: number;
  /** How many had to wait for a token, and how long at most, in ms. */
  held: number;
  heldMs: number;
  replayed: number;
  /** The status to which the replayed ones owe it. */
  rejectedWith: number;
  /** How many ended in which way: by status, or by an error's code or name. */
  outcomes: Record<string, number>;
}

/** One thing that has happened in one tab. Nothing in it is secret: it is told to all tabs. */
export type Entry =
  | Refresh
  | Calls
  /** The inspector has begun to look. */
  | (Happening & { kind: "opened" })
  /** A new token, from another tab; from the login endpoint; from wherever. */
  | (Happening & Arrival & { kind: "handed" })
  | (Happening & Arrival & { kind: "signed-in" })
  | (Happening & Arrival & { kind: "renewed" })
  | (Happening & { kind: "signed-out"; reason: "logout" | "ended" | "elsewhere" })
  /** A refresh failed that nobody has seen leave, perhaps another tab's. */
  | (Happening & Failure & { kind: "failed"; status: number })
  | (Happening & { kind: "step-up"; acrValues: string })
  | (Happening & { kind: "warning"; code: string })
  /** What the app itself has said. */
  | (Happening & { kind: "note"; text: string });

export type Kind = Entry["kind"];

/** The entry of a kind. */
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

/** What an entry of a kind says of its own. */
export type Details<K extends Kind> = Omit<EntryOf<K>, keyof Happening | "kind">;

/** The token that arrived with an entry, if one did. */
export function arrivalOf(entry: Entry): Arrival {
  return "token" in entry ? entry : {};
}

/** The first letters of the token's public `jti`, by which one sees that all tabs hold the same token. */
export function fingerprint(claims: unknown): string {
  const jti = (claims as { jti?: unknown } | null)?.jti;
  return typeof jti === "string" ? jti.replaceAll(/[^a-z0-9]/gi, "").slice(0, 6) : "opaque";
}
