/** `dist/index.js`: face, glue and module in one file. */
import { join } from "node:path";
import { say } from "../common/progress.mjs";
import { dist, root } from "../common/project.mjs";

export const faceFile = join(root, "src", "ts", "index.ts");

export async function makeBundle() {
  say("esbuild: dist/index.js");
  await bundle({ entryPoints: [faceFile], outfile: join(dist, "index.js") });
}

/** Bundles as for shipping, and returns what esbuild says of it. */
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
    ...options,
  });
}
