/** The tarball that `npm publish` would send. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, target } from "../common/project.mjs";

/** Where cargo leaves its crates as well. */
const folder = join(target, "package");

/** Packs `dist/` as it is. Returns the tarball's `file`, the `paths` in it, and its `integrity`. */
export function pack() {
  mkdirSync(folder, { recursive: true });
  const args = ["pack", "--ignore-scripts", "--json", "--loglevel", "error", "--pack-destination", folder];
  const report = JSON.parse(
    execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }),
  );
  // An object by package in npm 11, an array before.
  const [{ filename, files, integrity }] = Object.values(report);
  return { file: join(folder, filename), paths: files.map(({ path }) => path), integrity };
}
