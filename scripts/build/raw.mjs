/** `dist/tokenhold.wasm`: the module on its own, for apps that let browsers download it as such. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist, workshop } from "../common/project.mjs";
import { glueFile, wasmFile } from "./wasm.mjs";

/** `#wasm` in an entry that has no module inside. */
export const absentFile = join(workshop, "absent.js");

/** The custom section that says of which build a module is (core specification, section 5.5.3); the face looks for it. */
const SECTION = "tokenhold";

/** Names and imports of the module are so short that one of another build might start, and do something else. */
export function buildName() {
  const hash = createHash("sha256").update(readFileSync(wasmFile)).update(readFileSync(glueFile));
  return hash.digest("base64url").slice(0, 12);
}

/** What bundlers make of an import. */
const types = "/** Where the module is. */\ndeclare const url: string;\nexport default url;\n";

export function shipModule() {
  const content = [String.fromCharCode(SECTION.length), SECTION, buildName()].join("");
  const section = Buffer.from([0, content.length, ...Buffer.from(content)]);
  writeFileSync(join(dist, "tokenhold.wasm"), Buffer.concat([readFileSync(wasmFile), section]));
  writeFileSync(join(dist, "tokenhold.wasm.d.ts"), types);
  writeFileSync(absentFile, `export const wasm = undefined, build = "${buildName()}";\n`);
}
