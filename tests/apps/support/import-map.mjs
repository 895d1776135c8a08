/** An import map is an inline script: a policy has to name it by its hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { STRICT } from "./sites.mjs";

/** `policy`, for a page like that of the app `name`. */
export function forImportMap(name, policy = STRICT) {
  const page = readFileSync(new URL(`../${name}/index.html`, import.meta.url), "utf8");
  const [, map] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page);
  const hash = `'sha256-${createHash("sha256").update(map).digest("base64")}'`;
  return policy.replace("script-src", `script-src ${hash}`);
}
