import { byId, setText } from "./dom.js";
import { clock, spoken } from "./words.js";

/** The bar that drains as the access token ages. */
export class LifeBar {
  #tokens;
  #story;
  #life = byId("life");
  #bar = byId("life-bar");
  #left = byId("life-left");
  #note = byId("life-note");
  #fill = this.#bar.querySelector(".life-fill");

  constructor(tokens, story) {
    this.#tokens = tokens;
    this.#story = story;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setInterval(() => this.draw(), still ? 1000 : 250);
    this.draw();
  }

  draw() {
    const { expiresAt, status } = this.#tokens;
    const left = expiresAt === null ? null : expiresAt - Date.now();
    if (status !== "signed-in") return this.#show("none", 0, "No token", "");
    if (left === null) return this.#show("unknown", 1, "Token of unknown life", "renewed when the API refuses it");
    const life = lifetimeOf(this.#tokens, this.#story.arrived);
    if (left <= 0) return this.#show("expired", 0, "Expired", "renewed by the next call, or by a tab that is looked at");
    this.#show("good", Math.min(1, left / life), `${clock(left)} left of ${clock(life)}`, "renewed somewhere in the shaded part", spoken(left));
  }

  #show(state, fraction, text, note, voice = text) {
    this.#life.dataset.state = state;
    this.#fill.style.setProperty("--left", fraction.toFixed(4));
    setText(this.#left, text);
    setText(this.#note, note);
    this.#bar.setAttribute("aria-valuenow", Math.round(fraction * 100));
    this.#bar.setAttribute("aria-valuetext", voice);
  }
}

/** How long the token lives from issue to expiry, ms: by its claims, else counted from its arrival here. */
export function lifetimeOf({ claims, expiresAt }, arrived) {
  if (claims?.exp > claims?.iat) return (claims.exp - claims.iat) * 1000;
  return Math.max(1, expiresAt - arrived);
}

/** How old the token is, ms; null if unknown. */
export function ageOf(tokens, arrived) {
  if (tokens.expiresAt === null || arrived === null) return null;
  return lifetimeOf(tokens, arrived) - (tokens.expiresAt - Date.now());
}
