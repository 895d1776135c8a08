import { allGood } from "./describe.ts";
import { s } from "./dom.ts";
import type { Entry, EntryOf } from "./entry.ts";
import type { Frame } from "./lanes.ts";
import { toneOf } from "./seat.ts";

/** The width of a letter of a label, px. */
const LETTER = 5.8;

/** The bars of one tab's calls, around the line `y`. */
export function callMarks(entries: Entry[], frame: Frame, y: number): SVGElement[] {
  const bursts = entries.filter((entry) => entry.kind === "calls").sort((a, b) => a.at - b.at);
  return bursts.map((burst, index) => callMark(burst, frame, y, room(burst, bursts[index + 1], frame)));
}

function callMark(burst: EntryOf<"calls">, { x, now }: Frame, y: number, roomFor: number): SVGElement {
  const height = 6 + Math.min(10, Math.log10(Math.max(1, burst.count)) * 5);
  const from = x(burst.at);
  const until = Math.max(from + 6, x(burst.settled < burst.count ? now : (burst.end ?? burst.at)));
  const group = s("g", { class: `calls ${toneOf(burst.slot)}`, "data-state": stateOf(burst) });
  if (burst.held > 0)
    group.append(
      s("rect", { class: "calls-held", ...box(from - 8, Math.max(from + 2, x(burst.at + burst.heldMs)), y, height) }),
    );
  group.append(s("rect", { class: "calls-bar", ...box(from, until, y, height) }));
  group.append(...labels(burst, from, until, y, roomFor));
  return group;
}

// The longest label that fits: inside the bar, else behind it, else none.
function labels(burst: EntryOf<"calls">, from: number, until: number, y: number, roomFor: number): SVGElement[] {
  const inside = burst.count > 1 ? until - from : 0;
  const behind = roomFor - (until - from);
  const label = labelsOf(burst).find((each) => each.length * LETTER + 10 < Math.max(inside, behind));
  if (label === undefined) return [];
  const isInside = label.length * LETTER + 10 < inside;
  if (isInside)
    return [s("text", { class: "calls-inside", x: (from + until) / 2, y: y + 3.8, "text-anchor": "middle" }, label)];
  return [s("text", { x: until + 5, y: y + 3.8 }, label)];
}

function labelsOf({ count, held, replayed }: EntryOf<"calls">): string[] {
  const fate = [held > 0 && "held", replayed > 0 && "replayed"].filter(Boolean).join(", ");
  if (count === 1) return fate ? [fate] : [];
  return fate ? [`×${count} ${fate}`, `×${count}`] : [`×${count}`];
}

function box(from: number, until: number, y: number, height: number) {
  return { x: from, y: y - height / 2, width: until - from, height, rx: Math.min(5, height / 2) };
}

function room(burst: Entry, next: Entry | undefined, { x, now }: Frame): number {
  return (next ? x(next.at) : x(now) + 30) - x(burst.at);
}

function stateOf(burst: EntryOf<"calls">): string {
  if (burst.settled === burst.count && !allGood(burst)) return "failed";
  return burst.replayed > 0 ? "replayed" : "plain";
}
