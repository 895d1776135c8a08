import { took } from "./words.js";

/** What an entry says in the log: `{ icon, tone, text, detail }`; tone is "good", "bad", "warm" or "plain". */
export function describe(entry, siblings) {
  return (DESCRIPTIONS[entry.kind] ?? unknown)(entry, siblings);
}

/** Whether all of a burst's answers were good ones. */
export function allGood(burst) {
  return Object.keys(burst.outcomes).every((outcome) => outcome.startsWith("2"));
}

const DESCRIPTIONS = {
  opened: () => line("tab", "plain", "opened"),
  refresh: describeRefresh,
  handed: (entry, siblings) => {
    const from = siblings.fetcherOf(entry.token);
    return line("handed", "good", "was handed the token by a sibling", from ? `${from} had fetched ${entry.token}` : `token ${entry.token}`);
  },
  "signed-in": (entry) => line("signed-in", "good", `signed in as ${entry.who}`, `token ${entry.token}, from the login answer`),
  "signed-out": (entry) => line("signed-out", entry.reason === "ended" ? "bad" : "plain", SIGNED_OUT[entry.reason] ?? "signed out"),
  calls: describeCalls,
  failed: (entry) => line("failed", "bad", "could not refresh", failureDetail(entry)),
  "token-revoked": (entry) => line("revoked", "warm", "had the token revoked early", `the backend now refuses ${entry.token}`),
  "session-ended": (entry) => line("revoked", "warm", entry.current ? "ended this browser’s session" : "ended another session"),
  "step-up": (entry) => line("failed", "warm", "was asked for a stronger sign-in", entry.acrValues ?? ""),
  warning: (entry) => line("failed", "warm", "was warned", entry.message),
};

const LONG_ID = /[\w-]{16,}$/;

const SIGNED_OUT = {
  logout: "signed out",
  ended: "was signed out: the session has ended",
  elsewhere: "was signed out by another tab",
};

function describeRefresh(entry) {
  if (entry.status === null) return line("refresh", "good", "is refreshing …");
  const time = took(entry.end - entry.at) + (entry.purpose ? `, ${entry.purpose}` : "");
  if (entry.token) return line("refresh", "good", "refreshed the token", `${entry.token}, in ${time}`);
  if (entry.status === 0) return line("failed", "bad", "asked for a refresh, and got no answer", time);
  if (entry.status === 401) return line("refresh", "plain", "asked for a refresh: no session", `401 in ${time}`);
  return line("refresh", entry.status < 300 ? "good" : "bad", `asked for a refresh: ${entry.status}`, time);
}

function describeCalls(entry) {
  const target = `${entry.method} ${entry.path.replace(LONG_ID, "…")}`;
  const what = entry.count === 1 ? target : `${entry.count} × ${target}`;
  if (entry.settled < entry.count) return line("calls", "plain", what, callsDetail(entry, `${entry.count - entry.settled} under way`));
  const good = allGood(entry);
  const tone = good ? (entry.replayed > 0 ? "warm" : "plain") : "bad";
  return line("calls", tone, what, callsDetail(entry, `${outcomes(entry)} in ${took(entry.end - entry.at)}`));
}

function callsDetail(entry, last) {
  const held = entry.held > 0 && `${entry.count === 1 ? "held" : `${entry.held} held`} for ${took(entry.heldMs)}`;
  const rejected = entry.replayed > 0 && `${entry.count === 1 ? "" : `${entry.rejected} × `}401`;
  const replayed = entry.replayed > 0 && (entry.count === 1 ? "replayed" : `${entry.replayed} replayed`);
  return [held, rejected, replayed, last].filter(Boolean).join(", ");
}

function outcomes(entry) {
  const counted = Object.entries(entry.outcomes);
  if (entry.count === 1) return counted[0][0];
  return counted.map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
}

function failureDetail({ status, attempt, nextAt, at }) {
  const answer = status ? `${status}` : "no answer";
  const next = nextAt === null ? "no further attempt" : `next in ${took(nextAt - at)}`;
  return `${answer}, attempt ${attempt}, ${next}`;
}

function unknown(entry) {
  return line("tab", "plain", entry.kind);
}

function line(icon, tone, text, detail = "") {
  return { icon, tone, text, detail };
}
