/** A copy of the project, to break at will. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { read } from "../common/command.mjs";
import { root, target } from "../common/project.mjs";

/** Where it is. */
export const tree = join(target, "mutants", "tree");

/** Copies whatever git knows of, as it is now. */
export async function copyTree() {
  const known = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = (await read("git", known)).split("\0").filter((file) => file && existsSync(join(root, file)));
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
