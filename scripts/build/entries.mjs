/** The entries of the package: each is a file of `src/ts`, and becomes the file of the same path in `dist`. */
import { join, relative } from "node:path";
import { root } from "../common/project.mjs";
import { absentFile } from "./raw.mjs";

export const sources = join(root, "src", "ts");

/** Their files, by the names under which apps import them: `.` is `tokenhold`, `./react` is `tokenhold/react`. */
export const entries = {
  ".": "index.ts",
  "./slim": "slim.ts",
  "./axios": "adapters/axios.ts",
  "./testing": "testing/index.ts",
  "./inspector": "inspector/index.ts",
  "./angular": "adapters/angular.ts",
  "./angular/http": "adapters/angular-http.ts",
  "./react": "adapters/react.ts",
  "./svelte": "adapters/svelte.ts",
  "./vue": "adapters/vue.ts",
};

/** The entries that contain the face. All others import it. */
export const whole = ["index.ts", "slim.ts"];

/** The files that replace modules in an entry, by the modules' names. An app gives `tokenhold/slim` its module. */
export const standIns = {
  "slim.ts": { "#wasm": relative(sources, absentFile) },
};

/** The file in `dist` that `source`, a path below `src/ts`, is compiled to: with `js` or `d.ts` at its end. */
export function shipped(source, extension) {
  return source.replace(/ts$/, extension);
}
