import { s } from "./dom.ts";
import { arrivalOf, type Entry, type Kind } from "./entry.ts";
import { type IconName, icon } from "./icons.ts";
import type { Frame } from "./lanes.ts";
import { toneOf } from "./seat.ts";

/**
 * The least distance between glyphs, and the furthest that one is moved for it, in px. The log has the glyphs that do
 * not fit.
 */
const APART = 19;
const MOVED = 2.5 * APART;

/** The glyphs on a tab's thread: size in px, and drawing. Calls are drawn below the thread. */
const LOOKS: Record<Exclude<Kind, "calls">, [radius: number, icon?: IconName]> = {
  opened: [3],
  handed: [6],
  refresh: [9, "refresh"],
  renewed: [9, "refresh"],
  "signed-in": [9, "signed-in"],
  "signed-out": [8, "signed-out"],
  failed: [8, "failed"],
  "step-up": [8, "failed"],
  warning: [8, "failed"],
  note: [8, "note"],
};

/** The glyphs of one tab around the line `y`, and the tabs that handed tokens to it. `own` are its entries. */
export function glyphs(own: Entry[], all: Entry[], frame: Frame, y: number): SVGElement[] {
  const shown = own.filter(({ kind }) => kind in LOOKS).sort((a, b) => moment(b) - moment(a));
  let free = Infinity;
  return shown.flatMap((entry) => {
    const x = Math.min(frame.x(moment(entry)), free);
    if (frame.x(moment(entry)) - x > MOVED) return [];
    free = x - APART;
    return [...arc(entry, x, y, all, frame), glyph(entry, x, y)];
  });
}

function glyph(entry: Entry, x: number, y: number): SVGElement {
  const state = stateOf(entry);
  const [radius, drawing] = LOOKS[state === "failed" ? state : (entry.kind as keyof typeof LOOKS)];
  const look = { class: `glyph ${toneOf(entry.slot)}`, "data-state": state, transform: `translate(${x} ${y})` };
  const mark = s("g", look, s("circle", { r: radius }));
  if (drawing) mark.append(icon(drawing, { class: "glyph-icon", x: -6, y: -6, width: 12, height: 12 }));
  return mark;
}

/** From the lane of the tab that fetched this token to the one that was handed it. */
function arc(entry: Entry, x: number, to: number, all: Entry[], { thread }: Frame): SVGElement[] {
  if (entry.kind !== "handed") return [];
  const source = all.findLast(
    (each) => arrivalOf(each).token === entry.token && each.kind !== "handed" && each.at <= entry.at + 1000,
  );
  const from = source && source.slot !== entry.slot && thread(source.slot);
  if (typeof from !== "number") return [];
  const bend = Math.min(26, 10 + Math.abs(to - from) / 12);
  return [
    s("path", {
      class: `arc ${toneOf(source!.slot)}`,
      d: `M${x} ${from}C${x - bend} ${from} ${x - bend} ${to} ${x} ${to}`,
    }),
  ];
}

function stateOf(entry: Entry): string {
  if (entry.kind !== "refresh" || entry.token) return entry.kind;
  if (entry.status === null) return "under-way";
  if (entry.status === 401) return "no-session";
  return entry.status >= 200 && entry.status < 300 ? entry.kind : "failed";
}

// Place a refresh where its token arrived, not where it was requested.
function moment(entry: Entry): number {
  return entry.kind === "refresh" ? (entry.end ?? entry.at) : entry.at;
}
