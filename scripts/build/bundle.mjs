/** Makes the scripts in `dist`. `index.js` has face, glue and module in one file. Each other entry has its own file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { say } from "../common/progress.mjs";
import { dist, root } from "../common/project.mjs";
import { entries, shipped, sources, standIns, whole } from "./entries.mjs";

export const faceFile = join(sources, entries["."]);
const errorsFile = join(sources, "errors.ts");

export async function makeBundle() {
  for (const source of Object.values(entries)) {
    const outfile = join(dist, shipped(source, "js"));
    say(`esbuild, terser: ${relative(root, outfile)}`);
    const plugins = [faceStaysOutside, adaptersStayOutside, standingIn(standIns[source] ?? {})];
    const script = await bundle({ entryPoints: [join(sources, source)], outfile, plugins }, formats[source]);
    mkdirSync(dirname(outfile), { recursive: true });
    writeFileSync(outfile, script);
  }
}

/** Node prints the whole line in which an error was made. Short lines keep the output of apps' tests readable. */
const formats = { "testing/index.ts": { max_line_len: 200 } };

/**
 * Bundles as for shipping, by the options of esbuild and the output options of terser, and returns the script. Imports
 * by the name of a package stay outside.
 */
export async function bundle(options, format = {}) {
  // The set-up may have installed these after this file was loaded.
  const [{ build }, { minify }] = await Promise.all([import("esbuild"), import("terser")]);
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    packages: "external",
    plugins: [faceStaysOutside],
    write: false,
    ...options,
  });
  // terser makes the code around the module 3 % smaller than esbuild alone. React needs "use client".
  const compress = { passes: 3, directives: false };
  const { code } = await minify(outputFiles[0].text, { ecma: 2022, module: true, compress, format });
  return Buffer.from(legible(code));
}

/** Writes ASCII only, so that the script works in a page of any encoding. All other characters are in literals. */
function legible(code) {
  const digits = (character, width) => character.charCodeAt(0).toString(16).padStart(width, "0");
  return code.replace(/[^\n\x20-\x7e]/g, (it) => (it < "\u0100" ? `\\x${digits(it, 2)}` : `\\u${digits(it, 4)}`));
}

/** Other entries import the face, so that no page downloads it twice, and its error classes are the same everywhere. */
const faceStaysOutside = {
  name: "face",
  setup({
    onResolve,
    initialOptions: {
      entryPoints: [entry],
    },
  }) {
    const path = relative(dirname(entry), shipped(faceFile, "js")).replaceAll("\\", "/");
    const isWhole = whole.some((source) => entry === join(sources, source));
    onResolve({ filter: /\/(index|errors)\.ts$/ }, ({ path: specifier, importer, kind }) => {
      const isOfFace = [faceFile, errorsFile].includes(join(dirname(importer), specifier));
      if (kind === "entry-point" || isWhole || !isOfFace) return undefined;
      return { path: path.startsWith(".") ? path : `./${path}`, external: true };
    });
  },
};

/** An adapter imports another one rather than including it, so that both share what that provides. */
const adaptersStayOutside = {
  name: "adapters",
  setup({ onResolve }) {
    const adapters = Object.values(entries).filter((source) => source.startsWith("adapters/"));
    onResolve({ filter: /^\.\// }, ({ path, importer }) => {
      const isAdapter = importer && adapters.includes(relative(sources, join(dirname(importer), path)));
      return isAdapter ? { path: shipped(path, "js"), external: true } : undefined;
    });
  },
};

/** Replaces modules, by name, with the files that stand in for them. */
function standingIn(modules) {
  return {
    name: "stand-ins",
    setup({ onResolve }) {
      onResolve({ filter: /^/ }, ({ path }) => (modules[path] ? { path: join(sources, modules[path]) } : undefined));
    },
  };
}
