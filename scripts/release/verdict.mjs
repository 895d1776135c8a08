/** Whether a release can be made of what `examine` has found, and how. */
import { relative } from "node:path";
import { root } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";

/**
 * Returns the steps that are left, and throws the faults. Unless this is a dry run, before the day of the release, a
 * step that is due is a fault.
 */
export function verdict({ version, tarball, results }, isDryRun) {
  const wrong = results.filter(({ faults }) => faults.length > 0).length;
  const isDue = results.some(({ due }) => due.length > 0);
  if (wrong > 0) throw new ScriptError(`${version} cannot be released: ${wrong} of ${results.length} checks failed`);
  if (isDryRun) return `${version} could be released${isDue ? ", once what is marked ▸ is done" : ""}`;
  if (isDue) throw new ScriptError(`${version} cannot be released yet: what is marked ▸ is left to do`);
  return `${version} can be released. When \`npm test\` has passed on a clean clone:\n\n${commands(version, tarball)}`;
}

/** The very tarball that was examined is published. */
function commands(version, { file, integrity }) {
  return `  git tag --annotate v${version} --message "tokenhold ${version}" && git push origin v${version}
  npm publish ./${relative(root, file)}
  cargo publish --package tokenhold

The tarball is ${integrity}`;
}
