import { s } from "./dom.ts";

const PATHS = {
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  handed: "M3 4v4.5a2 2 0 0 0 2 2h8M10 7l3.5 3.5L10 14",
  "signed-in": "M9 3h4v10H9M2.5 8H10M7 5l3 3-3 3",
  "signed-out": "M7 3H3v10h4M6 8h7.5M10.5 5l3 3-3 3",
  calls: "M2.5 5.5h10M9.5 2.5l3 3-3 3M13.5 10.5h-10",
  failed: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.1",
  note: "M4 13.5v-11h8.5L10.5 6l2 3.5H4",
  tab: "M2 12.5V5a1.5 1.5 0 0 1 1.5-1.5H7l1.5 2h4A1.5 1.5 0 0 1 14 7v5.5z",
  fold: "M4 6.5 8 10.5 12 6.5",
};

export type IconName = keyof typeof PATHS;

/** A small drawing in the colour of the text around it. */
export function icon(name: IconName, attributes: Record<string, string | number> = {}): SVGSVGElement {
  const look = { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false", ...attributes };
  return s("svg", look, s("path", { d: PATHS[name] }));
}

/** The mark of tokenhold: a ring that holds a token. */
export function mark(): SVGSVGElement {
  const look = { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" };
  const ring = s("path", { class: "mark-ring", d: "M26 10.200A11.5 11.5 0 1 0 27.5 16" });
  return s("svg", look, ring, s("circle", { class: "mark-token", cx: 16, cy: 16, r: 4.5 }));
}
