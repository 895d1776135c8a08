import { byId, h, setText } from "./dom.js";

const COUNTED = [
  ["refreshes", "Refresh requests"],
  ["handed", "Handed over"],
  ["calls", "Calls"],
  ["held", "Held back"],
  ["replayed", "Replayed"],
];

/** What all open tabs have counted, and this one. */
export class Counters {
  #totals;
  #cells = new Map();

  constructor(totals, tabs) {
    this.#totals = totals;
    byId("counters").replaceChildren(...COUNTED.map(([name, label]) => this.#cell(name, label)));
    tabs.on(() => this.#draw());
    this.#draw();
  }

  #cell(name, label) {
    const cell = { everywhere: h("dd", { class: "counter-value" }), here: h("dd", { class: "counter-here quiet" }) };
    this.#cells.set(name, cell);
    return h("div", { class: "counter" }, h("dt", {}, label), cell.everywhere, cell.here);
  }

  #draw() {
    for (const [name, cell] of this.#cells) {
      const { here, everywhere } = this.#totals.read(name);
      setText(cell.everywhere, everywhere.toLocaleString("en"));
      setText(cell.here, `${here.toLocaleString("en")} here`);
    }
  }
}
