import type { TokenManager } from "../index.ts";
import { h, setText } from "./dom.ts";
import { clock, spoken } from "./words.ts";

/** The bar that drains as the access token ages. */
export class Life {
  readonly #left = h("span", { class: "life-left" });
  readonly #note = h("span", { class: "quiet" });
  readonly #fill = h("div", { class: "life-fill" });
  readonly #bar = h(
    "div",
    {
      class: "life-bar",
      role: "meter",
      "aria-label": "Remaining life of the access token",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    h("div", { class: "life-window" }),
    this.#fill,
  );
  readonly element = h("div", { class: "life" }, this.#bar, h("p", { class: "life-text" }, this.#left, this.#note));

  /** `arrived` is when the token came to this tab, epoch ms. */
  draw({ status, claims, expiresAt }: TokenManager<unknown>, arrived: number | null): void {
    if (status !== "signed-in") return this.#show("none", 0, "No token", "");
    if (expiresAt === null) return this.#show("unknown", 1, "Token of unknown life", "renewed when an API refuses it");
    const left = expiresAt - Date.now();
    if (left <= 0)
      return this.#show("expired", 0, "Expired", "renewed by the next call, or by a tab that is looked at");
    const life = lifetimeOf(claims, expiresAt, arrived);
    if (life === null) return this.#show("unknown", 1, `${clock(left)} left`, "", spoken(left));
    this.#show(
      "good",
      Math.min(1, left / life),
      `${clock(left)} left of ${clock(life)}`,
      "renewed in the shaded part",
      spoken(left),
    );
  }

  #show(state: string, fraction: number, text: string, note: string, voice = text): void {
    this.element.dataset["state"] = state;
    this.#fill.style.setProperty("--left", fraction.toFixed(4));
    setText(this.#left, text);
    setText(this.#note, note);
    this.#bar.setAttribute("aria-valuenow", String(Math.round(fraction * 100)));
    this.#bar.setAttribute("aria-valuetext", voice);
  }
}

/** How long the token lives, from issue to expiry, in ms: by its claims, else counted from its arrival here. */
function lifetimeOf(claims: unknown, expiresAt: number, arrived: number | null): number | null {
  const { exp, iat } = (claims ?? {}) as { exp?: number; iat?: number };
  if (exp !== undefined && iat !== undefined && exp > iat) return (exp - iat) * 1000;
  return arrived === null ? null : Math.max(1, expiresAt - arrived);
}
