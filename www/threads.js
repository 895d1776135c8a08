/**
 * When each tab held a token: `{ slot, from, to, state }`, epoch ms; `to` is null for one that goes on.
 * State is "held", or "expired" between a token's end and the next one.
 */
export function threads(entries, present, now) {
  const slots = new Map(present.map((tab) => [tab.slot, { tab, held: [] }]));
  for (const entry of entries) {
    if (!slots.has(entry.slot)) slots.set(entry.slot, { tab: null, held: [] });
    follow(slots.get(entry.slot), entry);
  }
  return [...slots].flatMap(([slot, { tab, held }]) => {
    if (held.length === 0 && tab?.status === "signed-in") held.push({ from: tab.opened, to: null, expiresAt: tab.expiresAt });
    return held.flatMap((each) => split(slot, each, tab !== null, now));
  });
}

function follow(lane, entry) {
  const at = entry.kind === "refresh" ? entry.end : entry.at;
  const last = lane.held.at(-1);
  const over = entry.kind === "signed-out" || entry.kind === "opened";
  if (last) {
    if ((entry.token && entry.expiresAt) || over) last.to ??= at;
    if (!over) last.seen = at ?? last.seen;
  }
  if (entry.token && entry.expiresAt) lane.held.push({ from: at, to: null, seen: at, expiresAt: entry.expiresAt });
}

function split(slot, { from, to, seen, expiresAt }, open, now) {
  const end = to ?? (open ? null : seen);
  const expired = expiresAt && expiresAt < (end ?? now);
  if (!expired) return [{ slot, from, to: end, state: "held" }];
  return [{ slot, from, to: expiresAt, state: "held" }, { slot, from: expiresAt, to: end, state: "expired" }];
}
