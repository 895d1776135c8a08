/** The state of the git tree that would be released. */
import { answer } from "../common/command.mjs";
import { root } from "../common/project.mjs";

/** `folder`: the working tree. */
export function tree({ manifest: { version } }, folder = root) {
  const git = (...args) => answer("git", args, { cwd: folder });
  const changed = git("status", "--porcelain");
  const branch = git("branch", "--show-current");
  const due = [];
  if (changed === null) return { due: ["this is no working tree of git: there is nothing to tag"] };
  if (changed)
    due.push(
      `not committed: ${changed
        .split("\n")
        .map((line) => line.trim().replace(/^\S+ +/, ""))
        .join(", ")}`,
    );
  if (branch !== "main") due.push(`releases are made from main, this is ${branch || "no branch"}`);
  if (git("tag", "--list", `v${version}`)) due.push(`there is a tag v${version} already: this needs another version`);
  return { due };
}
