import { h, s } from "./dom.ts";
import type { Entry } from "./entry.ts";
import { glyphs } from "./glyphs.ts";
import { callMarks } from "./marks.ts";
import type { Observation } from "./observation.ts";
import { nameOf, toneOf } from "./seat.ts";
import { threads } from "./threads.ts";
import { ago } from "./words.ts";

// In px: the heights of the axis and of a lane, the places of the thread and the calls in a lane, the room beside the
// lanes.
const AXIS = 26;
const LANE = 60;
const THREAD = 20;
const CALLS = 46;
const GUTTER = 84;
const AHEAD = 30;

/** Also draws entries that are just out of sight: they may slide in. */
const BEYOND_MS = 5_000;
const REDRAWN_EVERY_MS = 1_000;
const STILL_MS = 500;

/** The layout of a drawing. */
export interface Frame {
  readonly now: number;
  /** The left edge, epoch ms. */
  readonly origin: number;
  readonly x: (at: number) => number;
  /** The height of a tab's thread; `undefined` if it is not drawn. */
  readonly thread: (slot: number | null) => number | undefined;
}

/** The lanes of all tabs: a thread while a tab holds a token, its events above, the calls below. */
export class Lanes {
  readonly element = h("div", { class: "lanes", "aria-hidden": "true" });
  readonly #observation: Observation;
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #resized = new ResizeObserver(() => this.redraw());
  #spanMs = 60_000;
  #origin = 0;
  #moving: SVGElement | null = null;
  #drawnAt = 0;
  #frame: number | undefined;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(observation: Observation) {
    this.#observation = observation;
  }

  /** Draws, and slides, until {@link stop}. */
  start(): void {
    this.stop();
    this.#resized.observe(this.element);
    this.#run();
  }

  stop(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame ?? 0);
    clearTimeout(this.#tick);
  }

  /** How much of the past is shown, ms. */
  show(spanMs: number): void {
    this.#spanMs = spanMs;
    this.redraw();
  }

  /** There is a new entry: the next frame shows it. */
  redraw(): void {
    this.#drawnAt = 0;
  }

  #run(): void {
    const now = Date.now();
    if (now - this.#drawnAt > REDRAWN_EVERY_MS) this.#draw(now);
    this.#slide(now);
    if (this.#still.matches) this.#tick = setTimeout(() => this.#run(), STILL_MS);
    else this.#frame = requestAnimationFrame(() => this.#run());
  }

  // Only this runs in every frame. The marks themselves are drawn when there is a new entry.
  #slide(now: number): void {
    const { width, scale } = this.#measure();
    this.#moving?.setAttribute("transform", `translate(${width - AHEAD - (now - this.#origin) * scale} 0)`);
  }

  #measure(): { width: number; scale: number } {
    const width = Math.max(120, this.element.clientWidth - GUTTER);
    return { width, scale: (width - AHEAD) / this.#spanMs };
  }

  #draw(now: number): void {
    this.#drawnAt = now;
    this.#origin = now - this.#spanMs;
    const entries = this.#observation.journal.entries.filter(({ at, end }) => (end ?? at) > this.#origin - BEYOND_MS);
    const slots = this.#slots(entries);
    const { width, scale } = this.#measure();
    const height = AXIS + slots.length * LANE;
    const frame: Frame = {
      now,
      origin: this.#origin,
      x: (at) => (at - this.#origin) * scale,
      thread: (slot) => (slots.includes(slot!) ? AXIS + slots.indexOf(slot!) * LANE + THREAD : undefined),
    };
    this.#moving = s("g", {}, ...this.#threads(frame), ...slots.flatMap((slot) => marks(slot, entries, frame)));
    const view = s("svg", { x: GUTTER, y: 0, width, height }, this.#moving);
    const labels = slots.map((slot) => this.#label(slot, frame));
    const svg = s(
      "svg",
      { width: GUTTER + width, height, focusable: "false" },
      ...axis(this.#spanMs, width, height),
      ...labels,
      view,
    );
    this.element.replaceChildren(svg);
  }

  #slots(entries: Entry[]): number[] {
    const slots = [...this.#observation.tabs.present(), ...entries].map(({ slot }) => slot);
    return [...new Set(slots)].filter((slot) => slot !== null).sort((a, b) => a - b);
  }

  #label(slot: number, { thread }: Frame): SVGElement {
    const { tabs } = this.#observation;
    const tab = tabs.present().find((each) => each.slot === slot);
    const state = tab === undefined ? "closed" : tabs.isSilent(tab) ? "silent" : (tab.status ?? "");
    const note = tab === tabs.me ? "this tab" : NOTES[state];
    return s(
      "g",
      { class: `lane-label ${toneOf(slot)}`, "data-state": state, transform: `translate(0 ${thread(slot)})` },
      s("circle", { cx: 6, cy: 0, r: 5 }),
      s("text", { class: "lane-name", x: 20, y: 4.5 }, nameOf(slot)),
      s("text", { class: "lane-note", x: 20, y: 20 }, note),
    );
  }

  #threads({ now, origin, x, thread }: Frame): SVGElement[] {
    const { journal, tabs } = this.#observation;
    return threads(journal.entries, tabs.present(), now).map(({ slot, from, to, state }) =>
      s("line", {
        class: `thread ${toneOf(slot)}`,
        "data-state": state,
        x1: x(Math.max(from, origin - BEYOND_MS)),
        x2: x(to ?? now + BEYOND_MS),
        y1: thread(slot),
        y2: thread(slot),
      }),
    );
  }
}

const NOTES: Record<string, string> = {
  closed: "closed",
  silent: "silent",
  "signed-out": "signed out",
  restoring: "restoring",
};

function marks(slot: number, entries: Entry[], frame: Frame): SVGElement[] {
  const own = entries.filter((entry) => entry.slot === slot);
  const y = frame.thread(slot) ?? 0;
  return [...callMarks(own, frame, y + CALLS - THREAD), ...glyphs(own, entries, frame, y)];
}

function axis(spanMs: number, width: number, height: number): SVGElement[] {
  const seconds = spanMs / 1000;
  const steps = width < 420 ? 3 : 6;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const past = (seconds * step) / steps;
    const x = GUTTER + (width - AHEAD) * (1 - step / steps);
    const tick = s("line", { class: step === 0 ? "now" : "tick", x1: x, x2: x, y1: AXIS - 6, y2: height });
    const text = s(
      "text",
      { class: "tick-text", x, y: 12, "text-anchor": "middle" },
      step === 0 ? "now" : `−${ago(past)}`,
    );
    return step < steps ? s("g", {}, tick, text) : tick;
  });
}
