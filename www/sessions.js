import { byId, h, setText } from "./dom.js";
import { timeOfDay } from "./words.js";

/** The list of the person's sessions, each with a button to end it, and the button to sign out. */
export function wireSessions(tokens, inspector) {
  const load = byId("sessions-load");
  const list = byId("sessions-list");
  const outcome = byId("sessions-outcome");

  async function show() {
    const response = await tokens.fetch("/api/sessions");
    if (!response.ok) return setText(outcome, `The backend answered ${response.status}.`);
    const sessions = sessionsIn(await response.json());
    list.replaceChildren(...sessions.map((session) => sessionElement(session, () => attempt(() => end(session)))));
    setText(load, "Show again");
    setText(outcome, "");
  }

  async function end(session) {
    const response = await tokens.fetch(`/api/sessions/${encodeURIComponent(session.id)}`, { method: "DELETE" });
    if (!response.ok) return setText(outcome, `The backend answered ${response.status}.`);
    inspector.note(session.current ? "ended this browser’s session" : "ended another session");
    if (!session.current) await show();
    else
      setText(
        outcome,
        "Ended at the backend; the tabs do not know it yet. Make a call: 401, one refresh that finds no session, and every tab is signed out. (If the token is only seconds old, the 401 is the caller’s: call again a little later.)",
      );
  }

  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      setText(outcome, `${error.code ?? error.name}: ${error.message}`);
    }
  }

  load.addEventListener("click", () => attempt(show));
  byId("sign-out").addEventListener("click", () => attempt(() => tokens.logout()));
  tokens.on("signed-out", () => {
    list.replaceChildren();
    setText(load, "Show");
    setText(outcome, "");
  });
}

function sessionElement(session, end) {
  const button = h("button", { class: "button button-small", type: "button" }, "End");
  const where = browserOf(session.user_agent);
  button.setAttribute("aria-label", `End the session in ${where}${session.current ? ", this one" : ""}`);
  button.addEventListener("click", end);
  return h(
    "li",
    { class: "session-item" },
    h("span", { class: "session-where" }, where, session.current ? h("span", { class: "badge" }, "this one") : null),
    h("span", { class: "quiet" }, `since ${when(session.created)}, last seen ${when(session.last_seen)}`),
    button,
  );
}

function sessionsIn(answer) {
  return Array.isArray(answer) ? answer : answer.sessions;
}

function browserOf(userAgent) {
  const name = /Firefox|Edg|Chrome|Safari/.exec(userAgent ?? "")?.[0];
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(userAgent ?? "")?.[0];
  if (name === undefined) return "Some browser";
  const known = { Edg: "Edge", Chrome: "Chromium" }[name] ?? name;
  return system === undefined ? known : `${known} on ${system.replace("Mac OS X", "macOS")}`;
}

function when(time) {
  return timeOfDay(typeof time === "number" ? time * 1000 : Date.parse(time));
}
