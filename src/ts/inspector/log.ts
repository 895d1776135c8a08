import { describe, type Line } from "./describe.ts";
import { h } from "./dom.ts";
import { arrivalOf, type Entry } from "./entry.ts";
import { icon } from "./icons.ts";
import { nameOf, toneOf } from "./seat.ts";
import { timeOfDay } from "./words.ts";

const SHOWN = 120;

interface Drawn {
  /** The content of a line: while it stays the same, so does the element. */
  readonly words: string;
  readonly element: HTMLLIElement;
}

/** The list of events, newest first. */
export class Log {
  readonly #list = h("ol", { class: "log", tabindex: 0, "aria-label": "What happened in all tabs, newest first" });
  readonly #empty = h("p", { class: "empty quiet" }, "Nothing yet.");
  readonly element = h("div", { class: "story" }, this.#list, this.#empty);
  #lines = new Map<string, Drawn>();

  draw(entries: Entry[]): void {
    const shown = entries.slice(-SHOWN).reverse();
    const fetcherOf = (token: string) => fetcherIn(entries, token);
    const before = this.#lines;
    this.#lines = new Map(
      shown.map((entry) => [entry.id, drawn(entry, describe(entry, fetcherOf), before.get(entry.id))]),
    );
    this.#arrange([...this.#lines.values()].map(({ element }) => element));
    this.#empty.hidden = shown.length > 0;
  }

  #arrange(elements: HTMLLIElement[]): void {
    elements.forEach((element, index) => {
      const there = this.#list.children[index] ?? null;
      if (there !== element) this.#list.insertBefore(element, there);
    });
    while (this.#list.children.length > elements.length) this.#list.lastElementChild!.remove();
  }
}

function drawn(entry: Entry, line: Line, before: Drawn | undefined): Drawn {
  const words = JSON.stringify([entry.slot, line]);
  return before?.words === words ? before : { words, element: lineElement(entry, line) };
}

function lineElement({ kind, slot, at }: Entry, { icon: name, tone, text, detail }: Line): HTMLLIElement {
  return h(
    "li",
    { class: `line ${toneOf(slot)}`, "data-kind": kind, "data-tone": tone },
    h("time", { datetime: new Date(at).toISOString() }, timeOfDay(at)),
    h("span", { class: "line-icon" }, icon(name)),
    h(
      "span",
      { class: "line-text" },
      h("strong", { class: "tab-name" }, nameOf(slot)),
      ` ${text}`,
      detail && h("span", { class: "line-detail" }, ` · ${detail}`),
    ),
  );
}

function fetcherIn(entries: Entry[], token: string): string | null {
  const fetched = entries.find(
    (entry) => arrivalOf(entry).token === token && (entry.kind === "refresh" || entry.kind === "signed-in"),
  );
  return fetched ? nameOf(fetched.slot) : null;
}
