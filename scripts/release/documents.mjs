/** The documents in the tarball: what the README links to, what those link to, and so on. No link leads out of it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path/posix";
import { root } from "../common/project.mjs";

/** Beside what is linked. */
const always = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "SECURITY.md", "package.json"];

const FENCED = /^( *)(`{3,})[\s\S]*?^\1\2$/gm;
const LINK = /\]\(([^)\s]+)\)/g;

/** Their paths from the project's folder on. One that ends in a slash is a folder, of which some file must be there. */
export function documents() {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    if (path.endsWith(".md")) for (const linked of linksOf(path)) visit(linked);
  };
  always.forEach(visit);
  return [...found];
}

function linksOf(page) {
  if (!existsSync(join(root, page))) return [];
  const text = readFileSync(join(root, page), "utf8").replace(FENCED, "");
  const targets = [...text.matchAll(LINK)].map(([, href]) => href.split("#")[0]);
  const files = targets.filter((target) => target && !/^[a-z]+:/.test(target));
  return files.map((target) => normalize(join(page, "..", target))).map(withSlash);
}

function withSlash(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ? `${path}/` : path;
}
