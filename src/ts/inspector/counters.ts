import { h, setText } from "./dom.ts";
import type { Observation } from "./observation.ts";
import type { Counts } from "./totals.ts";

const COUNTED: [what: keyof Counts, label: string][] = [
  ["refreshes", "Refreshes"],
  ["handed", "Handed over"],
  ["calls", "Calls"],
  ["held", "Held"],
  ["replayed", "Replayed"],
];

/** The totals of all open tabs, and of this one. */
export class Counters {
  readonly #cells = COUNTED.map(([what, label]) => {
    const everywhere = h("dd", { class: "counter-value" });
    const here = h("dd", { class: "counter-here quiet" });
    return {
      what,
      everywhere,
      here,
      element: h("div", { class: "counter", "data-count": what }, h("dt", {}, label), everywhere, here),
    };
  });
  readonly element = h(
    "dl",
    { class: "counters", "aria-label": "Counted in all open tabs" },
    ...this.#cells.map(({ element }) => element),
  );

  draw({ totals, requestObserver }: Observation): void {
    for (const { what, everywhere, here } of this.#cells) {
      const isSeen = requestObserver.isWatching || what === "calls";
      const count = totals.read(what);
      setText(everywhere, isSeen ? count.everywhere.toLocaleString("en") : "–");
      setText(here, isSeen ? `${count.here.toLocaleString("en")} here` : "not watched");
    }
  }
}
