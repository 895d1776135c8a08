/** A copy of the project, to break at will. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, target } from "../common/project.mjs";

/** Where it is. */
export const tree = join(target, "mutants", "tree");

/** Copies whatever git knows of, as it is now. */
export function copyTree() {
  const known = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = spawnSync("git", known, { cwd: root, encoding: "utf8" });
  const files = stdout.split("\0").filter((file) => file && existsSync(join(root, file)));
  for (const file of files) put(file, readFileSync(join(root, file)));
}

/** The text of a file in the project itself. */
export function original(file) {
  return readFileSync(join(root, file), "utf8");
}

/** Writes a file of the copy, unless it is like that already: what has not changed is not compiled again. */
export function put(file, content) {
  const path = join(tree, file);
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
