import { s } from "./dom.js";
import { allGood } from "./describe.js";
import { toneOf } from "./tabs.js";

const LETTER = 5.8;

/** The bars of one tab's calls, around the line `y`. */
export function callMarks(entries, frame, y) {
  const bursts = entries.filter((entry) => entry.kind === "calls").sort((a, b) => a.at - b.at);
  return bursts.map((burst, index) => callMark(burst, frame, y, room(burst, bursts[index + 1], frame)));
}

function callMark(burst, { x, now }, y, roomFor) {
  const height = 6 + Math.min(10, Math.log10(burst.count) * 5);
  const from = x(burst.at);
  const until = Math.max(from + 6, x(burst.settled < burst.count ? now : burst.end));
  const group = s("g", { class: `calls ${toneOf(burst.slot)}`, "data-state": stateOf(burst) });
  if (burst.held > 0) group.append(s("rect", { class: "calls-held", ...box(from - 8, Math.max(from + 2, x(burst.at + burst.heldMs)), y, height) }));
  group.append(s("rect", { class: "calls-bar", ...box(from, until, y, height) }));
  group.append(...labels(burst, from, until, y, roomFor));
  return group;
}

// The longest label that fits: inside the bar, else behind it, else none.
function labels(burst, from, until, y, roomFor) {
  const inside = burst.count > 1 ? until - from : 0;
  const behind = roomFor - (until - from);
  const label = labelsOf(burst).find((each) => each.length * LETTER + 10 < Math.max(inside, behind));
  if (label === undefined) return [];
  if (label.length * LETTER + 10 < inside) return [s("text", { class: "calls-inside", x: (from + until) / 2, y: y + 3.8, "text-anchor": "middle" }, label)];
  return [s("text", { x: until + 5, y: y + 3.8 }, label)];
}

function box(from, until, y, height) {
  return { x: from, y: y - height / 2, width: until - from, height, rx: height / 2 > 5 ? 5 : height / 2 };
}

function room(burst, next, { x, now }) {
  return (next ? x(next.at) : x(now) + 30) - x(burst.at);
}

function labelsOf({ count, held, replayed }) {
  const fate = [held > 0 && "held", replayed > 0 && "replayed"].filter(Boolean).join(", ");
  if (count === 1) return fate ? [fate] : [];
  return fate ? [`×${count} ${fate}`, `×${count}`] : [`×${count}`];
}

function stateOf(burst) {
  if (burst.settled === burst.count && !allGood(burst)) return "failed";
  return burst.replayed > 0 ? "replayed" : "plain";
}
