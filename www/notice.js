import { byId, h } from "./dom.js";

/** Shows a fault across the page, and the remedy. `lines` are strings or nodes, one paragraph each. */
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
