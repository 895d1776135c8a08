import { byId, h } from "./dom.js";

/** Says across the page that something is wrong, and what to do. `lines` are strings or nodes, one paragraph each. */
export function showNotice(title, ...lines) {
  const notice = byId("notice");
  notice.replaceChildren(h("h2", {}, title), ...lines.map((line) => h("p", {}, ...[line].flat())));
  notice.hidden = false;
}

/** Takes the notice away. */
export function hideNotice() {
  byId("notice").hidden = true;
}

/** A command to type. */
export function command(text) {
  return h("code", {}, text);
}
