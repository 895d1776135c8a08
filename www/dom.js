/** The element with this id; the page is static, so a missing one is a mistake in index.html. */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no #${id}`);
  return element;
}

/** Builds an HTML element. Attributes only: inline styles are refused by the page's CSP. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Builds an SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** One of the symbols in index.html. */
export function icon(name, className = "icon") {
  return s("svg", { class: className, "aria-hidden": "true", focusable: "false" }, s("use", { href: `#icon-${name}` }));
}

/** Sets the text only if it changed, so that live regions stay quiet. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
