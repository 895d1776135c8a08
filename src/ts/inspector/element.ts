import type { TokenManager } from "../index.ts";
import { type Observation, observationOf } from "./observation.ts";
import { Panel } from "./panel.ts";
import { colorOf, nameOf } from "./seat.ts";
import { styleSheet } from "./style.ts";

/** A server has no elements, but can import this. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? class {};

const NOTE_LENGTH = 200;

/**
 * `<tokenhold-inspector>`: a live picture of a token manager, in this tab and in all others, for use in development.
 * Give it a manager: `inspector.tokens = tokens`.
 *
 * Attributes: `name`, as in the manager's options; `collapsed`, while it is folded to one line; `floating`, to put it
 * into the corner of the page. It follows the page's `color-scheme`. The event `change` says that {@link
 * TokenholdInspector.tab} has changed.
 */
export class TokenholdInspector extends Base {
  /** @internal */
  static readonly observedAttributes = ["name", "collapsed"];

  #tokens: TokenManager<unknown> | null = null;
  #observation: Observation | null = null;
  #panel: Panel | null = null;
  #stop: (() => void) | null = null;

  /**
   * The manager to show. While one is set and the element is in the page, the element observes the manager's `fetch`
   * and
   * `signIn`.
   */
  get tokens(): TokenManager<unknown> | null {
    return this.#tokens;
  }

  set tokens(tokens: TokenManager<unknown> | null) {
    this.#tokens = tokens;
    this.#restart();
  }

  /** The manager's `name`, as in its options. Default: `"default"`. */
  get name(): string {
    return this.getAttribute("name") ?? "default";
  }

  set name(name: string) {
    this.setAttribute("name", name);
  }

  /** Whether it is folded to one line. */
  get collapsed(): boolean {
    return this.hasAttribute("collapsed");
  }

  set collapsed(collapsed: boolean) {
    this.toggleAttribute("collapsed", collapsed);
  }

  /** The name and colour of this tab in the timeline; `null` until they are settled. */
  get tab(): {
    /** The name of the tab. */
    readonly name: string;
    /** A colour of CSS. */
    readonly color: string;
  } | null {
    const slot = this.#observation?.tabs.me.slot ?? null;
    return slot === null ? null : { name: nameOf(slot), color: colorOf(slot) };
  }

  /**
   * Writes a line into the timeline of all tabs, 200 characters at most. Put nothing secret into it. Other tabs get the
   * line when the element is in the page.
   */
  note(text: string): void {
    observationOf(this.name).journal.write("note", { text: String(text).slice(0, NOTE_LENGTH) });
  }

  /** @internal */
  connectedCallback(): void {
    // A value that was set before the element was defined is not a property of the class yet.
    for (const name of ["tokens", "name", "collapsed"] as const) takeOver(this, name);
    this.#restart();
  }

  /** @internal */
  disconnectedCallback(): void {
    this.#end();
  }

  /** @internal */
  attributeChangedCallback(attribute: string): void {
    if (attribute === "collapsed") this.#panel?.open(!this.collapsed);
    else this.#restart();
  }

  #restart(): void {
    this.#end();
    if (this.isConnected && this.#tokens) this.#start(this.#tokens);
  }

  #start(tokens: TokenManager<unknown>): void {
    const observation = (this.#observation = observationOf(this.name));
    const story = observation.follow(tokens);
    const panel = (this.#panel = new Panel(observation, story, () => (this.collapsed = !this.collapsed)));
    const stopTelling = this.#tellOfTab(observation);
    this.#stop = () => {
      stopTelling();
      panel.end();
      observation.leave(tokens);
    };
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    root.replaceChildren(panel.element);
    panel.open(!this.collapsed);
  }

  #end(): void {
    this.#stop?.();
    this.shadowRoot?.replaceChildren();
    this.#stop = this.#panel = this.#observation = null;
  }

  #tellOfTab({ tabs }: Observation): () => void {
    let told: string | undefined;
    return tabs.on(() => {
      const { tab } = this;
      if (tab === null || tab.name === told) return;
      told = tab.name;
      this.dispatchEvent(new Event("change"));
    });
  }
}

function takeOver<Name extends "tokens" | "name" | "collapsed">(element: TokenholdInspector, name: Name): void {
  if (!Object.hasOwn(element, name)) return;
  const value = element[name];
  Reflect.deleteProperty(element, name);
  element[name] = value;
}
