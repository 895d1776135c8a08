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

// Inside the bar where it fits, else behind it, else not at all.
function labels(burst, from, until, y, roomFor) {
  const label = labelOf(burst);
  const [length, width] = [label.length * LETTER, until - from];
  if (label && burst.count > 1 && length + 10 < width) return [s("text", { class: "calls-inside", x: (from + until) / 2, y: y + 3.8, "text-anchor": "middle" }, label)];
  if (label && length + 10 < roomFor - width) return [s("text", { x: until + 5, y: y + 3.8 }, label)];
  return [];
}

function box(from, until, y, height) {
  return { x: from, y: y - height / 2, width: until - from, height, rx: height / 2 > 5 ? 5 : height / 2 };
}

function room(burst, next, { x, now }) {
  return (next ? x(next.at) : x(now) + 30) - x(burst.at);
}

function labelOf(burst) {
  const words = [];
  if (burst.count > 1) words.push(`×${burst.count}`);
  if (burst.held > 0) words.push("held");
  if (burst.replayed > 0) words.push("replayed");
  return words.join(" ");
}

function stateOf(burst) {
  if (burst.settled === burst.count && !allGood(burst)) return "failed";
  return burst.replayed > 0 ? "replayed" : "plain";
}
