import { personIn } from "./claims.js";
import { byId, setText } from "./dom.js";

/** The signed-in person, in words: the head of the page, the tab's title and its icon. */
export class SessionView {
  #tokens;
  #inspector;
  #reason = null;

  constructor(tokens, inspector) {
    this.#tokens = tokens;
    this.#inspector = inspector;
    tokens.on("signed-out", ({ reason }) => {
      this.#reason = reason;
    });
    tokens.on("change", () => this.#draw());
    inspector.addEventListener("change", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const { status, claims } = this.#tokens;
    const headline = status === "signed-in" ? `Hello, ${capital(personIn(claims))}` : HEADLINES[status];
    setText(byId("who"), headline);
    setText(byId("lede"), status === "signed-out" ? (WHY[this.#reason] ?? LEDES[status]) : LEDES[status]);
    byId("sign-in").hidden = status !== "signed-out";
    byId("actions").hidden = status !== "signed-in";
    byId("sessions").hidden = status !== "signed-in";
    drawTab(this.#inspector.tab, headline, status === "signed-in");
  }
}

/** Shows that there is no manager: the notice says why. */
export function drawStopped() {
  setText(byId("who"), "Not running");
  setText(byId("lede"), "Without the token manager there is nothing to show.");
  document.title = "tokenhold: not running";
}

const HEADLINES = { restoring: "Looking for a session", "signed-out": "Nobody is signed in" };
const LEDES = {
  restoring: "The first silent refresh is under way.",
  "signed-in": "One access token, in memory only. Open another tab: it gets the token without a refresh.",
  "signed-out": "Sign in to see tabs share one token and one refresh.",
};
const WHY = {
  logout: "You signed out in every tab, and the backend ends the session.",
  elsewhere: "Another tab signed out, and so did this one.",
  ended: "The backend says that the session is over.",
};

/** The title and the icon, as the inspector names and colours this tab. */
function drawTab(tab, headline, filled) {
  if (tab === null) return;
  document.title = `${tab.name} · ${headline}`;
  const circle = `<circle cx='8' cy='8' r='5.5' stroke='${tab.color}' stroke-width='3' fill='${filled ? tab.color : "none"}'/>`;
  const href = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${circle}</svg>`)}`;
  const link = document.querySelector("link[rel=icon]");
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}

function capital(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
