/** Makes the scripts in `dist`: `index.js` has face, glue and module in one file; each other entry is a file of its own. */
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

/** Node shows the whole line in which an error was made: of a test's, it should not be the whole file. */
const formats = { "testing/index.ts": { max_line_len: 200 } };

/**
 * Bundles as for shipping, by the options of esbuild and the output options of terser, and returns the script. What an entry
 * imports by its package's name stays outside.
 */
export async function bundle(options, format = {}) {
  // Installed by now, but maybe not yet when this file was loaded.
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
  // Of what is not the module, 3 % less than by esbuild alone. "use client" means something to React.
  const compress = { passes: 3, directives: false };
  const { code } = await minify(outputFiles[0].text, { ecma: 2022, module: true, compress, format });
  return Buffer.from(legible(code));
}

/** In ASCII, so that a page may be in any encoding, and an editor shows every character: all others are in literals. */
function legible(code) {
  const digits = (character, width) => character.charCodeAt(0).toString(16).padStart(width, "0");
  return code.replace(/[^\n\x20-\x7e]/g, (it) => (it < "\u0100" ? `\\x${digits(it, 2)}` : `\\u${digits(it, 4)}`));
}

/** Nobody should download the face twice: other entries import it, so that its errors and types are one and the same. */
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

/** One that another adapter imports is the same for both: what it provides is found again. */
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

/** Puts the one module in the place of the other. */
function standingIn(modules) {
  return {
    name: "stand-ins",
    setup({ onResolve }) {
      onResolve({ filter: /^/ }, ({ path }) => (modules[path] ? { path: join(sources, modules[path]) } : undefined));
    },
  };
}
