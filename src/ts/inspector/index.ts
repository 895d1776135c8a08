/**
 * `<tokenhold-inspector>`, which shows during development what a token manager does. The import defines the element.
 * Bundlers drop an import of which nothing is used.
 *
 * @packageDocumentation
 */
import { TokenholdInspector } from "./element.ts";

export { TokenholdInspector } from "./element.ts";
export { type InspectOptions, inspect } from "./inspect.ts";
export { watched } from "./watched.ts";

declare global {
  interface HTMLElementTagNameMap {
    "tokenhold-inspector": TokenholdInspector;
  }
}

// Another copy of this module may have been there first.
if (!globalThis.customElements?.get("tokenhold-inspector")) {
  globalThis.customElements?.define("tokenhold-inspector", TokenholdInspector);
}
