import type { TokenManager } from "../index.ts";
import { Counters } from "./counters.ts";
import { h, setText } from "./dom.ts";
import { fingerprint } from "./entry.ts";
import { icon, mark } from "./icons.ts";
import { Lanes } from "./lanes.ts";
import { Life } from "./life.ts";
import { Log } from "./log.ts";
import type { Observation } from "./observation.ts";
import { nameOf, toneOf } from "./seat.ts";
import { situation } from "./situation.ts";
import type { Story } from "./story.ts";
import { clock } from "./words.ts";

const TICK_MS = 250;
const STILL_TICK_MS = 1_000;
const SETTLE_MS = 60;

/** The view of one manager. */
export class Panel {
  readonly #observation: Observation;
  readonly #story: Story;
  readonly #life = new Life();
  readonly #counters = new Counters();
  readonly #log = new Log();
  readonly #lanes: Lanes;
  readonly #status = h("span", { class: "status-text" });
  readonly #brief = h("span", { class: "brief" });
  readonly #tab = h("strong", { class: "tab-name" });
  readonly #token = h("code", { class: "token", title: "The first letters of the token’s public jti" });
  readonly #situation = h("p", { class: "situation" });
  readonly #announcer = h("p", { class: "visually-hidden", role: "status" });
  readonly #toggle: HTMLButtonElement;
  readonly #body: HTMLElement;
  readonly element: HTMLElement;
  readonly #over = new AbortController();
  /** For listeners that end with the panel. */
  readonly #while = { signal: this.#over.signal };
  readonly #ends: (() => void)[];
  #isOpen = true;
  #due: ReturnType<typeof setTimeout> | undefined;

  /** `toggled` is called when the person folds or unfolds it. */
  constructor(observation: Observation, story: Story, toggled: () => void) {
    this.#observation = observation;
    this.#story = story;
    this.#lanes = new Lanes(observation);
    this.#body = this.#makeBody();
    this.#toggle = this.#makeToggle();
    this.#toggle.addEventListener("click", toggled, this.#while);
    const tab = h("p", { class: "this-tab" }, this.#tab, this.#token);
    this.element = h(
      "section",
      { class: "panel", "aria-label": "tokenhold inspector" },
      h("header", { class: "head" }, this.#toggle, tab),
      this.#body,
      this.#announcer,
    );
    const happened = () => this.#schedule();
    const tick = setInterval(
      () => this.#drawMoment(),
      matchMedia("(prefers-reduced-motion: reduce)").matches ? STILL_TICK_MS : TICK_MS,
    );
    this.#ends = [
      observation.journal.on(happened),
      observation.tabs.on(happened),
      story.tokens.on("change", happened),
      () => this.#over.abort(),
      () => clearInterval(tick),
      () => clearTimeout(this.#due),
      () => this.#lanes.stop(),
    ];
    this.#draw();
  }

  end(): void {
    for (const end of this.#ends) end();
  }

  /** Folds it to one line, or unfolds it. */
  open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
    this.#body.hidden = !isOpen;
    if (isOpen) this.#lanes.start();
    else this.#lanes.stop();
    this.#draw();
  }

  // A timer rather than an animation frame, so that a hidden tab is up to date when somebody looks at it.
  #schedule(): void {
    this.#lanes.redraw();
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#draw();
    }, SETTLE_MS);
  }

  #draw(): void {
    const { me } = this.#observation.tabs;
    setText(this.#tab, nameOf(me.slot));
    this.#tab.className = `tab-name ${toneOf(me.slot)}`;
    this.#drawMoment();
    if (!this.#isOpen) return;
    this.#counters.draw(this.#observation);
    this.#log.draw(this.#observation.journal.entries);
  }

  /** Draws the parts that change as time passes. */
  #drawMoment(): void {
    const { tokens, arrived, failure } = this.#story;
    const { news, next } = situation(this.#story, this.#observation.requestObserver);
    this.element.dataset["status"] = tokens.status;
    this.element.toggleAttribute("data-failing", failure !== null);
    setText(this.#status, STATUS[tokens.status]);
    setText(this.#brief, failure ? "refresh failing" : lifeLeft(tokens));
    this.#token.hidden = tokens.status !== "signed-in";
    setText(this.#token, fingerprint(tokens.claims));
    setText(this.#situation, [news, next].filter(Boolean).join(" "));
    setText(this.#announcer, [STATUS[tokens.status], news].filter(Boolean).join(". "));
    if (this.#isOpen) this.#life.draw(tokens, arrived);
  }

  #makeToggle(): HTMLButtonElement {
    const status = h("span", { class: "status" }, h("span", { class: "status-dot" }), this.#status);
    const parts = [mark(), status, this.#brief, icon("fold", { class: "icon fold" })];
    return h("button", { class: "toggle", type: "button", "aria-controls": "body", "aria-expanded": "true" }, ...parts);
  }

  #makeBody(): HTMLElement {
    const timeline = h("div", { class: "timeline" }, this.#makeTimelineHead(), this.#lanes.element, legend());
    const parts = [
      h("div", { class: "present" }, this.#life.element, this.#situation),
      this.#counters.element,
      timeline,
      this.#log.element,
    ];
    return h("div", { class: "body", id: "body" }, ...parts);
  }

  #makeTimelineHead(): HTMLElement {
    const spans = SPANS.map(([ms, text], index) => {
      const input = h("input", { type: "radio", name: "span", checked: index === 0 });
      input.addEventListener("change", () => this.#lanes.show(ms), this.#while);
      return h("label", {}, input, h("span", {}, text));
    });
    const choice = h(
      "fieldset",
      {},
      h("legend", { class: "visually-hidden" }, "Time shown"),
      h("div", { class: "choice" }, ...spans),
    );
    return h("div", { class: "timeline-head" }, h("h2", {}, "All open tabs"), choice);
  }
}

const STATUS = { restoring: "Restoring", "signed-in": "Signed in", "signed-out": "Signed out" };

const SPANS: [ms: number, text: string][] = [
  [60_000, "1 min"],
  [300_000, "5 min"],
];

function lifeLeft({ status, expiresAt }: TokenManager<unknown>): string {
  return status === "signed-in" && expiresAt !== null ? clock(expiresAt - Date.now()) : "";
}

function legend(): HTMLElement {
  const keys = ["refreshed", "handed over", "calls", "held", "replayed", "failed"];
  const items = keys.map((key) => h("li", {}, h("i", { class: `key key-${key.split(" ")[0]}` }), key));
  return h("ul", { class: "legend", "aria-hidden": "true" }, ...items);
}
