/** The content of the tarball: the exported files, the files that those need, and the documents. */
import { existsSync, readFileSync } from "node:fs";
import { join, normalize, relative } from "node:path/posix";
import { root } from "../common/project.mjs";
import { documents } from "./documents.mjs";

export function exportedFiles({ manifest, tarball: { paths } }) {
  const faults = [];
  for (const [name, conditions] of Object.entries(manifest.exports)) {
    const files = filesOf(conditions);
    const missing = files.filter((file) => !paths.includes(file));
    faults.push(...missing.map((file) => `${name} is exported as ${file}, which is not in the tarball`));
    if (files.some(isScript) && !files.some(isTypes)) faults.push(`${name} is exported without types`);
  }
  return { faults };
}

export async function contents({ manifest, tarball: { paths } }) {
  const exported = Object.values(manifest.exports)
    .flatMap(filesOf)
    .filter((file) => existsSync(join(root, file)));
  const expected = [...new Set([...documents(), ...exported, ...(await scripts(exported)), ...types(exported)])];
  const covers = (wanted, path) => (wanted.endsWith("/") ? path.startsWith(wanted) : path === wanted);
  const missing = expected.filter((wanted) => !paths.some((path) => covers(wanted, path)));
  const unneeded = paths.filter((path) => !expected.some((wanted) => covers(wanted, path)));
  return {
    faults: [
      ...missing.map((path) => `${path} is missing`),
      ...unneeded.map((path) => `nobody needs ${path}: it is no document, and not reached from \`exports\``),
    ],
  };
}

/** Paths below the project's folder: `{ types: "./dist/index.d.ts" }` has `dist/index.d.ts`. */
function filesOf(conditions) {
  const targets = typeof conditions === "string" ? [conditions] : Object.values(conditions);
  return targets.flatMap((target) => (typeof target === "string" ? normalize(target) : filesOf(target)));
}

/** All modules that the exported ones load. */
async function scripts(exported) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: exported.filter(isScript),
    outdir: join(root, "dist"),
    bundle: true,
    format: "esm",
    packages: "external",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

/** All declarations that the exported ones refer to. */
function types(exported) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file) || !existsSync(join(root, file))) return;
    found.add(file);
    const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      visit(relative(root, join(root, file, "..", specifier)).replace(/\.js$/, ".d.ts"));
    }
  };
  exported.filter(isTypes).forEach(visit);
  return found;
}

function isScript(file) {
  return file.endsWith(".js");
}

function isTypes(file) {
  return file.endsWith(".d.ts");
}
