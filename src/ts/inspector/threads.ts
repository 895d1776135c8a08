import { arrivalOf, type Entry } from "./entry.ts";
import type { Tab } from "./tabs.ts";

/** A time in which a tab held a token, epoch ms: `to` is `null` if it goes on. */
export interface Thread {
  readonly slot: number;
  readonly from: number;
  readonly to: number | null;
  /** "expired" between a token's end and the next one. */
  readonly state: "held" | "expired";
}

interface Held {
  readonly from: number;
  to: number | null;
  /** When the tab was last heard of. */
  seen: number;
  readonly expiresAt: number | null;
}

/** When each tab held a token. */
export function threads(entries: Entry[], present: Tab[], now: number): Thread[] {
  const lanes = new Map<number, { tab: Tab | null; held: Held[] }>(
    present.map((tab) => [tab.slot!, { tab, held: [] }]),
  );
  for (const entry of entries) {
    if (entry.slot === null) continue;
    const lane = lanes.get(entry.slot) ?? { tab: null, held: [] };
    lanes.set(entry.slot, lane);
    follow(lane.held, entry);
  }
  return [...lanes].flatMap(([slot, { tab, held }]) => {
    if (held.length === 0 && tab?.status === "signed-in")
      held.push({ from: tab.opened, to: null, seen: now, expiresAt: tab.expiresAt });
    return held.flatMap((each) => split(slot, each, tab !== null, now));
  });
}

function follow(held: Held[], entry: Entry): void {
  const at = (entry.kind === "refresh" ? entry.end : undefined) ?? entry.at;
  const { token, expiresAt } = arrivalOf(entry);
  const last = held.at(-1);
  const isOver = entry.kind === "signed-out" || entry.kind === "opened";
  if (last && (token || isOver)) last.to ??= at;
  else if (last) last.seen = at;
  if (token) held.push({ from: at, to: null, seen: at, expiresAt: expiresAt ?? null });
}

function split(slot: number, { from, to, seen, expiresAt }: Held, isOpen: boolean, now: number): Thread[] {
  const end = to ?? (isOpen ? null : seen);
  if (expiresAt === null || expiresAt >= (end ?? now)) return [{ slot, from, to: end, state: "held" }];
  return [
    { slot, from, to: expiresAt, state: "held" },
    { slot, from: expiresAt, to: end, state: "expired" },
  ];
}
