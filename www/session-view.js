import { byId, setText } from "./dom.js";
import { fingerprint, nameOf as personOf } from "./story.js";
import { nameOf, toneOf } from "./tabs.js";
import { plural, took } from "./words.js";

/** Who is signed in, in words: the head of the page, the tab's title and its icon. */
export class SessionView {
  #tokens;
  #story;
  #tabs;
  #spoken = null;

  constructor(tokens, story, tabs) {
    this.#tokens = tokens;
    this.#story = story;
    this.#tabs = tabs;
    tokens.on("change", () => this.draw());
    tokens.on("refresh-failed", () => this.draw());
    tabs.on(() => this.draw());
    setInterval(() => this.draw(), 1000);
    this.draw();
  }

  draw() {
    const { status } = this.#tokens;
    byId("status").dataset.status = status;
    setText(byId("status-text"), STATUS[status]);
    setText(byId("who"), this.#headline(status));
    setText(byId("lede"), this.#lede(status));
    byId("sign-in").hidden = status !== "signed-out";
    byId("actions").hidden = status !== "signed-in";
    byId("sessions").hidden = status !== "signed-in";
    this.#facts(status);
    this.#announce(status);
    drawTab(this.#tabs.me.slot, status, this.#headline(status));
  }

  #headline(status) {
    if (status === "signed-in") return `Hello, ${capital(personOf(this.#tokens.claims))}`;
    return status === "restoring" ? "Looking for a session" : "Nobody is signed in";
  }

  #lede(status) {
    if (status === "restoring") return this.#failed() ?? "The first silent refresh is under way.";
    if (status === "signed-out") return WHY[this.#story.reason] ?? "Sign in to see tabs share one token and one refresh.";
    return this.#failed() ?? this.#shared();
  }

  #shared() {
    const others = this.#tabs.present().filter((tab) => tab !== this.#tabs.me && tab.status === "signed-in").length;
    if (others === 0) return "One access token, in memory only. Open another tab: it will be handed the token, without a refresh.";
    return `One access token, in memory only, shared by ${plural(others + 1, "tab")}.`;
  }

  #failed() {
    const { failure } = this.#story;
    if (failure === null) return null;
    const answer = failure.status ? `answered ${failure.status}` : "did not answer";
    const left = failure.nextAt === null ? null : failure.nextAt - Date.now();
    const next = left === null ? "" : left > 0 ? ` Next attempt in ${took(left)}.` : " Trying again.";
    const valid = this.#tokens.expiresAt > Date.now() ? " The token still serves." : "";
    return `The refresh endpoint ${answer}.${valid}${next}`;
  }

  #facts(status) {
    byId("facts").hidden = status !== "signed-in";
    setText(byId("token-id"), fingerprint(this.#tokens.claims));
    setText(byId("token-via"), VIA[this.#story.via] ?? "");
  }

  #announce(status) {
    if (status === this.#spoken) return;
    if (this.#spoken !== null) setText(byId("announcer"), `${this.#headline(status)}. ${this.#lede(status)}`);
    this.#spoken = status;
  }
}

const STATUS = { restoring: "Restoring", "signed-in": "Signed in", "signed-out": "Signed out" };
const VIA = { "sign-in": "the login answer", refresh: "this tab’s refresh", sibling: "a sibling tab" };
const WHY = {
  logout: "You signed out, and every tab with you. The session is dead at the backend.",
  elsewhere: "Another tab signed out, and this one with it.",
  ended: "The backend says that the session is over.",
};

/** Shows that there is no manager: the notice says why. */
export function drawStopped(slot) {
  setText(byId("status-text"), "Not running");
  byId("status").dataset.status = "stopped";
  setText(byId("who"), "Not running");
  setText(byId("lede"), "Without the token manager there is nothing to show.");
  drawTab(slot, "stopped", "Not running");
}

/** The tab's name on the page, its title and its icon, so that tabs can be told apart. */
function drawTab(slot, status, headline) {
  const name = byId("tab-name");
  setText(name, nameOf(slot));
  name.className = `tab-name ${toneOf(slot)}`;
  document.title = `${nameOf(slot)} · ${headline}`;
  drawIcon(getComputedStyle(name).getPropertyValue("--tone-solid").trim(), status === "signed-in");
}

function drawIcon(colour, filled) {
  const circle = `<circle cx='8' cy='8' r='5.5' stroke='${colour}' stroke-width='3' fill='${filled ? colour : "none"}'/>`;
  const href = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${circle}</svg>`)}`;
  const link = document.querySelector("link[rel=icon]");
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}

function capital(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
