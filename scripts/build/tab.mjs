/** Bundles the script of a simulated tab as a function of the tab's globals, so that one process can run many tabs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../common/progress.mjs";
import { workshop } from "../common/project.mjs";
import { bundle } from "./bundle.mjs";
import { sources } from "./entries.mjs";

/** Exports `loadTab`: `#tab` in `src/ts/testing`. */
export const tabFile = join(workshop, "tab.js");

/** The globals that `openTab` in `src/ts/testing/browser.ts` returns. All others are the same in every tab. */
const globals = [
  "BroadcastChannel",
  "Date",
  "Request",
  "addEventListener",
  "clearTimeout",
  "crypto",
  "document",
  "location",
  "navigator",
  "origin",
  "performance",
  "removeEventListener",
  "reportError",
  "setTimeout",
];

const types = `export function loadTab(
  globalThis: object,
  require: () => object,
): typeof import("../../src/ts/testing/tab.ts");
`;

export async function makeTab() {
  say("esbuild, terser: the tab of tokenhold/testing");
  const script = await bundle({ entryPoints: [join(sources, "testing/tab.ts")], format: "cjs" });
  // The CommonJS module requires nothing but the errors, which are those of the face.
  const source = `export function loadTab(globalThis, require, module = {}) {
const { ${globals.join(", ")} } = globalThis;
${script}
return module.exports;
}
`;
  writeFileSync(tabFile, source);
  writeFileSync(tabFile.replace(/js$/, "d.ts"), types);
}
