/** `dist/index.js`: face, glue and module in one file; and the other entries, each a file of its own. */
import { dirname, join, relative } from "node:path";
import { say } from "../common/progress.mjs";
import { dist, root } from "../common/project.mjs";
import { entries, shipped, sources } from "./entries.mjs";

export const faceFile = join(sources, entries["."]);

export async function makeBundle() {
  for (const source of Object.values(entries)) {
    const outfile = join(dist, shipped(source, "js"));
    say(`esbuild: ${relative(root, outfile)}`);
    await bundle({ entryPoints: [join(sources, source)], outfile });
  }
}

/** Bundles as for shipping, and returns what esbuild says of it. What an entry imports by its package's name stays outside. */
export async function bundle(options) {
  // Installed by now, but maybe not yet when this file was loaded.
  const { build } = await import("esbuild");
  return build({
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    packages: "external",
    plugins: [faceStaysOutside],
    ...options,
  });
}

/** Nobody should download the face twice: other entries import it, so that its errors and types are one and the same. */
const faceStaysOutside = {
  name: "face",
  setup({ onResolve }) {
    onResolve({ filter: /\/index\.ts$/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point" || join(dirname(importer), path) !== faceFile) return undefined;
      return { path: shipped(path, "js"), external: true };
    });
  },
};
