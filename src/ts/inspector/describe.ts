import type { Entry, EntryOf, Kind } from "./entry.ts";
import type { IconName } from "./icons.ts";
import { took } from "./words.ts";

/** The text of an entry in the log. */
export interface Line {
  readonly icon: IconName;
  readonly tone: "good" | "bad" | "warm" | "plain";
  readonly text: string;
  readonly detail: string;
}

/** `fetcherOf` returns the name of the tab that has fetched a token, if it is known. */
export function describe(entry: Entry, fetcherOf: (token: string) => string | null): Line {
  const description = descriptions[entry.kind] as Description<Kind> | undefined;
  return description?.(entry, fetcherOf) ?? line("tab", "plain", String(entry.kind));
}

/** Whether all answers were successes. */
export function allGood({ outcomes }: EntryOf<"calls">): boolean {
  return Object.keys(outcomes).every((outcome) => outcome.startsWith("2"));
}

type Description<K extends Kind> = (entry: EntryOf<K>, fetcherOf: (token: string) => string | null) => Line;

const descriptions: { [K in Kind]: Description<K> } = {
  opened: () => line("tab", "plain", "opened"),
  refresh: describeRefresh,
  handed: ({ token }, fetcherOf) => {
    const from = fetcherOf(token ?? "");
    return line(
      "handed",
      "good",
      "was handed the token by a peer",
      from ? `${from} had fetched ${token}` : `token ${token}`,
    );
  },
  "signed-in": ({ token }) => line("signed-in", "good", "signed in", `token ${token}, from the login answer`),
  renewed: ({ token }) => line("refresh", "good", "has a new token", String(token)),
  "signed-out": ({ reason }) => line("signed-out", reason === "ended" ? "bad" : "plain", signedOut[reason]),
  calls: describeCalls,
  failed: ({ status, attempt, nextAt, at }) => failedLine(answered(status), attempt, nextAt - at),
  "step-up": ({ acrValues }) => line("failed", "warm", "was asked for a stronger sign-in", acrValues),
  warning: ({ code }) => line("failed", "warm", "was warned", code),
  note: ({ text }) => line("note", "warm", text),
};

const signedOut = {
  logout: "signed out",
  ended: "was signed out: the session has ended",
  elsewhere: "was signed out by another tab",
};

function describeRefresh({ status, token, attempt, nextAt, at, end = at }: EntryOf<"refresh">): Line {
  if (status === null) return line("refresh", "good", "is refreshing …");
  const time = took(end - at);
  if (token) return line("refresh", "good", "refreshed the token", `${token}, in ${time}`);
  if (attempt) return failedLine(`${answered(status)} in ${time}`, attempt, (nextAt ?? end) - end);
  if (status === 401) return line("refresh", "plain", "asked for a refresh: no session", `401 in ${time}`);
  return line(
    "refresh",
    status >= 200 && status < 300 ? "good" : "bad",
    "asked for a refresh",
    `${answered(status)} in ${time}`,
  );
}

function failedLine(answer: string, attempt: number, nextInMs: number): Line {
  return line(
    "failed",
    "bad",
    "could not refresh",
    `${answer}, attempt ${attempt}, next in ${took(Math.max(0, nextInMs))}`,
  );
}

function answered(status: number): string {
  return status === 0 ? "no answer" : String(status);
}

function describeCalls(entry: EntryOf<"calls">): Line {
  const { count, settled, method, path, replayed, at, end } = entry;
  const target = `${method} ${path}`;
  const what = count === 1 ? target : `${count} × ${target}`;
  if (settled < count) return line("calls", "plain", what, callsDetail(entry, `${count - settled} under way`));
  const tone = allGood(entry) ? (replayed > 0 ? "warm" : "plain") : "bad";
  return line("calls", tone, what, callsDetail(entry, `${outcomesOf(entry)} in ${took((end ?? at) - at)}`));
}

function callsDetail({ count, held, heldMs, replayed, rejectedWith }: EntryOf<"calls">, last: string): string {
  const times = (number: number, what: string) => (count === 1 ? what : `${number} ${what}`);
  const details = [
    held > 0 && `${times(held, "held")} for ${took(heldMs)}`,
    replayed > 0 && `${times(replayed, "replayed")} after a ${rejectedWith}`,
    last,
  ];
  return details.filter(Boolean).join(", ");
}

function outcomesOf({ count, outcomes }: EntryOf<"calls">): string {
  const counted = Object.entries(outcomes);
  if (count === 1) return counted[0]?.[0] ?? "";
  return counted.map(([outcome, times]) => `${times} × ${outcome}`).join(", ");
}

function line(icon: IconName, tone: Line["tone"], text: string, detail = ""): Line {
  return { icon, tone, text, detail };
}
