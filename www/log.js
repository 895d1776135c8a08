import { h, icon } from "./dom.js";
import { describe } from "./describe.js";
import { nameOf, toneOf } from "./tabs.js";
import { timeOfDay } from "./words.js";

const SHOWN = 120;

/** The list of what happened, newest first. A line is built again only when its words change. */
export class Log {
  #list;
  #empty;
  #journal;
  #lines = new Map();
  #due = false;

  constructor(list, empty, journal) {
    this.#list = list;
    this.#empty = empty;
    this.#journal = journal;
    journal.on(() => this.#schedule());
    this.#schedule();
  }

  // A timer rather than an animation frame: a hidden tab, too, is up to date when one looks at it.
  #schedule() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#draw();
    }, 60);
  }

  #draw() {
    const entries = this.#journal.entries;
    const siblings = { fetcherOf: (token) => fetcherOf(entries, token) };
    const shown = entries.slice(-SHOWN).reverse();
    const before = this.#lines;
    this.#lines = new Map();
    for (const entry of shown) this.#lines.set(entry.id, this.#line(entry, describe(entry, siblings), before.get(entry.id)));
    this.#arrange([...this.#lines.values()].map(({ element }) => element));
    this.#empty.hidden = shown.length > 1;
  }

  #line(entry, words, before) {
    const key = JSON.stringify([entry.slot, words]);
    return before?.key === key ? before : { key, element: lineElement(entry, words) };
  }

  #arrange(elements) {
    elements.forEach((element, index) => {
      const there = this.#list.children[index];
      if (there !== element) this.#list.insertBefore(element, there ?? null);
    });
    while (this.#list.children.length > elements.length) this.#list.lastElementChild.remove();
  }
}

function lineElement(entry, words) {
  const detail = words.detail ? h("span", { class: "line-detail" }, ` · ${words.detail}`) : null;
  return h(
    "li",
    { class: `line ${toneOf(entry.slot)}`, "data-tone": words.tone },
    h("time", { datetime: new Date(entry.at).toISOString() }, timeOfDay(entry.at)),
    h("span", { class: "line-icon" }, icon(words.icon)),
    h("span", { class: "line-text" }, h("strong", { class: "tab-name" }, nameOf(entry.slot)), ` ${words.text}`, detail),
  );
}

function fetcherOf(entries, token) {
  const entry = entries.find((each) => each.token === token && (each.kind === "refresh" || each.kind === "signed-in"));
  return entry ? nameOf(entry.slot) : null;
}
