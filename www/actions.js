import { fingerprint, lifetimeOf } from "./claims.js";
import { byId, setText } from "./dom.js";
import { broadcast } from "./broadcast.js";
import { took } from "./words.js";

const BURST = 100;
const YOUNG_MS = 10_000;

/** The buttons that call the API and cause faults. */
export function wireActions(tokens, inspector) {
  const outcome = byId("outcome");
  const hint = byId("revoke-hint");
  const callOthers = broadcast(() => tokens.status === "signed-in" && burst(tokens));
  let refused = null;

  const actions = {
    call: () => one(() => tokens.fetch("/api/me"), "GET /api/me"),
    burst: () => burst(tokens),
    "burst-everywhere": () => {
      callOthers();
      return burst(tokens);
    },
    "revoke-token": revokeToken,
    refresh: async () => {
      await tokens.refresh();
      return `The token is now ${fingerprint(tokens.claims)}.`;
    },
  };

  async function revokeToken() {
    const token = fingerprint(tokens.claims);
    const response = await tokens.fetch("/api/token/revoke", { method: "POST" });
    if (!response.ok) return `The backend answered ${response.status}.`;
    refused = token;
    inspector.note(`had the token revoked early: the backend now refuses ${token}`);
    return "";
  }

  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => perform(button, outcome, actions[button.dataset.action]));
  }
  byId("note-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const note = event.target.elements.text;
    perform(event.target.querySelector("button"), outcome, () => writeNote(tokens, note));
  });
  setInterval(() => setText(hint, hintFor(tokens, refused)), 500);
}

async function perform(button, outcome, action) {
  button.setAttribute("aria-busy", "true");
  try {
    setText(outcome, await action());
  } catch (error) {
    setText(outcome, `${error.code ?? error.name}: ${error.message}`);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function one(call, name) {
  const began = performance.now();
  const response = await call();
  await response.body?.cancel();
  return `${name}: ${response.status} in ${took(performance.now() - began)}.`;
}

async function writeNote(tokens, note) {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: note.value }),
  };
  const said = await one(() => tokens.fetch("/api/notes", init), "POST /api/notes");
  note.value = "";
  return said;
}

async function burst(tokens) {
  const began = performance.now();
  const settled = await Promise.allSettled(Array.from({ length: BURST }, () => tokens.fetch("/api/me")));
  const good = settled.filter(({ value }) => value?.ok).length;
  await Promise.all(settled.map(({ value }) => value?.body?.cancel()));
  return `${BURST} calls: ${good} answered 200, in ${took(performance.now() - began)}.`;
}

/**
 * The effect of the next 401: the manager does not refresh a token that is refused while young, or refusals would loop.
 */
function hintFor({ status, claims, expiresAt }, refused) {
  if (status !== "signed-in" || fingerprint(claims) !== refused) {
    return "After a revocation, the API answers 401 to the next call. One refresh and one replay follow, and the caller sees 200.";
  }
  const life = lifetimeOf(claims);
  const wait = Math.min(YOUNG_MS, life / 2) - (life - (expiresAt - Date.now()));
  if (wait > 0)
    return `Revoked. But the token is so young that the caller would get the 401. Call in ${took(Math.ceil(wait / 1000) * 1000)}; then the manager refreshes it.`;
  return "Revoked. Now make any call, or a burst in every tab: a storm of 401s, one refresh, each call replayed once.";
}
