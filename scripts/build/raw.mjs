/** `dist/tokenhold.wasm`: the module as a file of its own, for apps that serve it as such. */
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist, workshop } from "../common/project.mjs";
import { customSection } from "./module.mjs";
import { glueFile, wasmFile } from "./wasm.mjs";

/** `#wasm` in an entry that has no module inside. */
export const absentFile = join(workshop, "absent.js");

/** The custom section that names the build of a module. The face looks for it. */
const SECTION = "tokenhold";

/** The types for an import of the file, which bundlers turn into a URL. */
const types = "/** Where the module is. */\ndeclare const url: string;\nexport default url;\n";

/**
 * Names the build in the module, and returns that name. Without it, a module of another build might start and do
 * something else, because the names of imports and exports are so short.
 */
export function nameBuild(wasm = wasmFile, glue = glueFile) {
  const bytes = readFileSync(wasm);
  const hash = createHash("sha256").update(bytes).update(readFileSync(glue));
  const build = hash.digest("base64url").slice(0, 12);
  writeFileSync(wasm, Buffer.concat([bytes, customSection(SECTION, Buffer.from(build))]));
  return build;
}

/** Ships the module named `build`. */
export function shipModule(build) {
  copyFileSync(wasmFile, join(dist, "tokenhold.wasm"));
  writeFileSync(join(dist, "tokenhold.wasm.d.ts"), types);
  writeFileSync(absentFile, `export const wasm = undefined, build = "${build}";\n`);
}
