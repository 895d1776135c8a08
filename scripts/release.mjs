/** `npm run release`: whether all is ready for a release, and the commands that make it. It publishes nothing itself. */
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { done, say } from "./common/progress.mjs";
import { root } from "./common/project.mjs";
import { main, Trouble } from "./common/trouble.mjs";
import { setUpBuild } from "./setup.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
  await setUpBuild();
  await build();
  // Installed by now, but maybe not yet when this file was loaded.
  const { examine } = await import("./release/examine.mjs");
  const { version, tarball, results } = await examine();
  const due = results.flatMap(print);
  const wrong = results.filter(({ faults }) => faults.length > 0).length;
  if (wrong > 0) throw new Trouble(`${version} cannot be released: ${wrong} of ${results.length} checks failed`);
  if (values["dry-run"]) return done(`${version} could be released${due.length > 0 ? `, once the ${due.length} things marked ▸ are done` : ""}`);
  if (due.length > 0) throw new Trouble(`${version} cannot be released yet: ${due.length} things are left to do`);
  done(`${version} can be released. When \`npm test\` has passed on a clean clone:\n\n${commands(version, tarball)}\n`);
});

/** Returns what is due. */
function print({ name, faults, due }) {
  if (faults.length > 0) console.error(`✗ ${name}:\n  ${faults.join("\n  ")}`);
  else done(name);
  for (const deed of due) say(`  ${deed}`);
  return due;
}

/** The very tarball that was examined is published. */
function commands(version, { file, integrity }) {
  return `  git tag --annotate v${version} --message "tokenhold ${version}" && git push origin v${version}
  npm publish ${relative(root, file)}
  cargo publish --package tokenhold

The tarball is ${integrity}`;
}
