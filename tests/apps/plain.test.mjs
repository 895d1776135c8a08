import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { asItIs, STRICT } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

/** An import map is an inline script: a policy names it by its hash. */
const page = readFileSync(new URL("plain/index.html", import.meta.url), "utf8");
const [, map] = /<script type="importmap">([^]*?)<\/script>/.exec(page);
const hash = `'sha256-${createHash("sha256").update(map).digest("base64")}'`;
const policy = STRICT.replace("script-src", `script-src ${hash}`);

everyEngine("a plain page imports it by an import map", () => asItIs("plain", { policy }));
