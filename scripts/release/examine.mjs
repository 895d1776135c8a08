/** Everything that must be so before a release, by name. */
import { readmeSize, size } from "./bytes.mjs";
import { changelog } from "./changelog.mjs";
import { contents, exportedFiles } from "./contents.mjs";
import { crate } from "./crate.mjs";
import { typesResolve, wellFormed } from "./lints.mjs";
import { pack } from "./tarball.mjs";
import { tree } from "./tree.mjs";
import { manifest, versions } from "./versions.mjs";

const checks = {
  "one version everywhere": versions,
  "the changelog has that version, with a date": changelog,
  "a clean working tree, on main, not tagged yet": tree,
  "every exported file is there, with its types": exportedFiles,
  "the tarball holds what is exported, the documents, and nothing else": contents,
  "packing twice gives the same tarball": reproducible,
  "no more bytes than the limit": size,
  "the README says how many": readmeSize,
  "publint finds nothing": wellFormed,
  "attw finds nothing": typesResolve,
  "the crate holds all its sources": crate,
};

/**
 * Examines the build that is in `dist/`. Returns the version, the tarball, and for each check its `faults`, and what is
 * `due`: not wrong now, but to be done before the release.
 */
export async function examine() {
  const release = { manifest: manifest(), tarball: pack() };
  const results = [];
  for (const [name, check] of Object.entries(checks)) {
    results.push({ name, faults: [], due: [], ...(await attempt(check, release)) });
  }
  return { version: release.manifest.version, tarball: release.tarball, results };
}

async function attempt(check, release) {
  try {
    return await check(release);
  } catch (error) {
    return { faults: [`could not be checked: ${error.message}`] };
  }
}

function reproducible({ tarball }) {
  const again = pack();
  return { faults: again.integrity === tarball.integrity ? [] : [`${tarball.integrity}, then ${again.integrity}`] };
}
