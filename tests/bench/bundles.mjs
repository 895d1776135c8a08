/** The pages' scripts: each contender in a bundle of its own, and all of them in one; minified, compressed as a CDN would. */
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bundle as bundleForShipping } from "../../scripts/build/bundle.mjs";
import { packageFolder } from "../e2e/support/places.mjs";

const page = (name) => fileURLToPath(new URL(`page/${name}`, import.meta.url));

/** Files in `page/contenders`. */
export const contenders = ["bare", "tokenhold", "axios", "oidc-client-ts"];

/** Takes part if it is asked for. */
export const ANOTHER = "another commit";

/** The entries of `byName`, a value for each contender, that take part. */
export const participants = (byName, another) => Object.entries(byName).filter(([name]) => another || name !== ANOTHER);

/** Those of them that work together in many tabs. */
const inTabs = ["thirty-lines", "tokenhold"];

/**
 * By name (`start-axios.js`, `tabs-tokenhold.js`, `requests.js`, `storm.js`): `{ raw, gzip, br }`, bytes. `another` is the
 * folder of another commit's package, if that takes part.
 *
 * @param {string} [another]
 */
export async function makeBundles(another) {
  const scripts = {};
  const ofAnother = another ? { "tokenhold-of-another-commit": `${another}/index.js` } : {};
  const more = another ? ["another-commit"] : [];
  for (const [kind, names] of Object.entries({ start: contenders, tabs: inTabs })) {
    for (const name of [...names, ...more]) {
      const alias = { "#contender": page(`contenders/${name}.js`), ...ofAnother };
      scripts[`${kind}-${name}.js`] = await bundle(page(`${kind}.js`), alias);
    }
  }
  const alias = { "#another": page(another ? "contenders/another-commit.js" : "nobody.js"), ...ofAnother };
  for (const name of ["requests", "storm"]) scripts[`${name}.js`] = await bundle(page(`${name}.js`), alias);
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
