/** The pages' scripts: each contender in a bundle of its own, and all of them in one; minified, compressed as a CDN would. */
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bundle as bundleForShipping } from "../../scripts/build/bundle.mjs";
import { packageFolder } from "../e2e/support/places.mjs";

const page = (name) => fileURLToPath(new URL(`page/${name}`, import.meta.url));

/** Files in `page/contenders`. */
export const contenders = ["bare", "tokenhold", "axios", "oidc-client-ts"];

/** Those of them that work together in many tabs. */
const inTabs = ["thirty-lines", "tokenhold"];

/** By name (`start-axios.js`, `tabs-tokenhold.js`, `requests.js`, `storm.js`): `{ raw, gzip, br }`, bytes. */
export async function makeBundles() {
  const scripts = {};
  for (const name of contenders) {
    scripts[`start-${name}.js`] = await bundle(page("start.js"), { "#contender": page(`contenders/${name}.js`) });
  }
  for (const name of inTabs) {
    scripts[`tabs-${name}.js`] = await bundle(page("tabs.js"), { "#contender": page(`contenders/${name}.js`) });
  }
  for (const name of ["requests", "storm"]) scripts[`${name}.js`] = await bundle(page(`${name}.js`));
  return scripts;
}

/** Everything in one file, with the flags that the package itself is bundled with. */
async function bundle(entry, alias = {}) {
  const raw = await bundleForShipping({
    entryPoints: [entry],
    alias: { ...alias, tokenhold: `${packageFolder()}/index.js` },
    packages: "bundle",
  });
  return { raw, gzip: gzipSync(raw, { level: 9 }), br: brotliCompressSync(raw) };
}
