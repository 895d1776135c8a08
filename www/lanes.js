import { icon, s } from "./dom.js";
import { callMarks } from "./marks.js";
import { nameOf, toneOf } from "./tabs.js";
import { threads } from "./threads.js";

const AXIS = 26;
const LANE = 60;
const THREAD = 20;
const GUTTER = 84;
const AHEAD = 30;
const APART = 19;
const GLYPHS = { refresh: 9, "signed-in": 9, handed: 6, "signed-out": 8, failed: 8, "token-revoked": 8, "session-ended": 8, "step-up": 8, warning: 8, opened: 3 };

/** The lanes of all tabs: a thread while a tab holds a token, what happened to it above, the calls below. */
export class Lanes {
  #host;
  #journal;
  #tabs;
  #spanMs = 60_000;
  #origin = Date.now();
  #moving = null;
  #stale = true;
  #drawn = 0;
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(host, journal, tabs) {
    this.#host = host;
    this.#journal = journal;
    this.#tabs = tabs;
    const redraw = () => { this.#stale = true; };
    journal.on(redraw);
    tabs.on(redraw);
    new ResizeObserver(redraw).observe(host);
    this.#run();
  }

  /** How much of the past is shown, ms. */
  show(spanMs) {
    this.#spanMs = spanMs;
    this.#stale = true;
  }

  #run() {
    const now = Date.now();
    const under = this.#stale || now - this.#drawn > 1000;
    if (under) this.#draw(now);
    this.#slide(now);
    if (this.#still.matches) setTimeout(() => this.#run(), 500);
    else requestAnimationFrame(() => this.#run());
  }

  // Only this runs in every frame; the marks themselves are drawn when something has happened.
  #slide(now) {
    const { width, scale } = this.#measure();
    this.#moving.setAttribute("transform", `translate(${width - AHEAD - (now - this.#origin) * scale} 0)`);
  }

  #measure() {
    const width = Math.max(120, this.#host.clientWidth - GUTTER);
    return { width, scale: (width - AHEAD) / this.#spanMs };
  }

  #draw(now) {
    this.#stale = false;
    this.#drawn = now;
    this.#origin = now - this.#spanMs;
    const entries = this.#journal.entries.filter((entry) => (entry.end ?? entry.at) > this.#origin - 5000);
    const slots = this.#slots(entries);
    const { width, scale } = this.#measure();
    const frame = { now, slots, scale, origin: this.#origin, x: (at) => (at - this.#origin) * scale, y: (slot) => AXIS + slots.indexOf(slot) * LANE };
    const height = AXIS + slots.length * LANE;
    this.#moving = s("g", {}, ...this.#threads(frame), ...slots.flatMap((slot) => this.#marks(slot, entries, frame)));
    const view = s("svg", { x: GUTTER, y: 0, width, height }, this.#moving);
    const svg = s("svg", { width: GUTTER + width, height, focusable: "false" }, ...this.#axis(width, height), ...slots.map((slot) => this.#label(slot, frame)), view);
    this.#host.replaceChildren(svg);
  }

  #slots(entries) {
    const present = this.#tabs.present().map((tab) => tab.slot);
    return [...new Set([...present, ...entries.map((entry) => entry.slot)])].sort((a, b) => a - b);
  }

  #axis(width, height) {
    const seconds = this.#spanMs / 1000;
    const narrow = width < 420;
    const step = seconds / (narrow ? 3 : 6);
    const marks = [];
    for (let ago = 0; ago <= seconds; ago += step) {
      const x = GUTTER + (width - AHEAD) * (1 - ago / seconds);
      marks.push(s("line", { class: ago === 0 ? "now" : "tick", x1: x, x2: x, y1: AXIS - 6, y2: height }));
      if (ago < seconds) marks.push(s("text", { class: "tick-text", x, y: 12, "text-anchor": "middle" }, ago === 0 ? "now" : `−${agoText(ago)}`));
    }
    return marks;
  }

  #label(slot, { y }) {
    const tab = this.#tabs.present().find((each) => each.slot === slot);
    const state = tab === undefined ? "closed" : this.#tabs.isSilent(tab) ? "asleep" : tab.status;
    const note = tab === this.#tabs.me ? "this tab" : STATES[state] ?? "";
    return s(
      "g",
      { class: `lane-label ${toneOf(slot)}`, "data-state": state, transform: `translate(0 ${y(slot)})` },
      s("circle", { cx: 6, cy: THREAD, r: 5 }),
      s("text", { class: "lane-name", x: 20, y: THREAD + 4.5 }, nameOf(slot)),
      s("text", { class: "lane-note", x: 20, y: THREAD + 20 }, note),
    );
  }

  #threads(frame) {
    return threads(this.#journal.entries, this.#tabs.present(), frame.now).map(({ slot, from, to, state }) =>
      s("line", {
        class: `thread ${toneOf(slot)}`,
        "data-state": state,
        x1: frame.x(Math.max(from, frame.origin - 5000)),
        x2: to === null ? frame.x(frame.now + 5000) : frame.x(to),
        y1: frame.y(slot) + THREAD,
        y2: frame.y(slot) + THREAD,
      }),
    );
  }

  #marks(slot, entries, frame) {
    const own = entries.filter((entry) => entry.slot === slot);
    const glyphs = own.filter((entry) => entry.kind in GLYPHS).sort((a, b) => moment(b) - moment(a));
    let free = Infinity;
    const drawn = glyphs.flatMap((entry) => {
      const x = Math.min(frame.x(moment(entry)), free);
      free = x - APART;
      return [this.#arc(entry, x, entries, frame), glyph(entry, x, frame.y(slot) + THREAD)];
    });
    return [...callMarks(own, frame, frame.y(slot) + 46), ...drawn.filter(Boolean)];
  }

  // From the lane of the tab that fetched this token to the one that was handed it.
  #arc(entry, x, entries, { slots, y }) {
    if (entry.kind !== "handed") return null;
    const source = entries.findLast((each) => each.token === entry.token && each.kind !== "handed" && each.at <= entry.at + 1000);
    if (source === undefined || source.slot === entry.slot || !slots.includes(source.slot)) return null;
    const [from, to] = [y(source.slot) + THREAD, y(entry.slot) + THREAD];
    const bend = Math.min(26, 10 + Math.abs(to - from) / 12);
    return s("path", { class: `arc ${toneOf(source.slot)}`, d: `M${x} ${from}C${x - bend} ${from} ${x - bend} ${to} ${x} ${to}` });
  }
}

const STATES = { closed: "closed", asleep: "silent", "signed-out": "signed out", restoring: "restoring" };

function glyph(entry, x, y) {
  const state = stateOf(entry);
  const mark = s("g", { class: `glyph ${toneOf(entry.slot)}`, "data-state": state, transform: `translate(${x} ${y})` }, s("circle", { r: GLYPHS[entry.kind] }));
  const name = ICONS[state === "failed" ? state : entry.kind];
  if (name) {
    const drawing = icon(name, "glyph-icon");
    for (const [attribute, value] of [["x", -6], ["y", -6], ["width", 12], ["height", 12]]) drawing.setAttribute(attribute, value);
    mark.append(drawing);
  }
  return mark;
}

const ICONS = { refresh: "refresh", "signed-in": "signed-in", "signed-out": "signed-out", failed: "failed", "token-revoked": "revoked", "session-ended": "revoked", "step-up": "failed", warning: "failed" };

function stateOf({ kind, status, token }) {
  if (kind !== "refresh" || token) return kind;
  return { null: "under-way", 401: "no-session" }[status] ?? (status >= 200 && status < 300 ? kind : "failed");
}

// A refresh belongs where its token arrived, not where it was asked for.
function moment(entry) {
  return entry.kind === "refresh" ? entry.end ?? entry.at : entry.at;
}

function agoText(seconds) {
  return seconds < 60 ? `${Math.round(seconds)} s` : `${+(seconds / 60).toFixed(1)} min`;
}
