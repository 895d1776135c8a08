/** `npm run size`: what a page downloads, in bytes, and an error when it is too much; with `--why`, what for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { bundle, faceFile } from "./build/bundle.mjs";
import { embeddingFile } from "./build/embedding.mjs";
import { entries, shipped } from "./build/entries.mjs";
import { glueFile } from "./build/wasm.mjs";
import { done } from "./common/progress.mjs";
import { dist } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { savings } from "./savings.mjs";
import { setUpBuild } from "./setup.mjs";
import { explain } from "./why.mjs";

/** Bytes in brotli that `tokenhold` adds to an app, at most. */
const LIMIT = 40_531;

/** The same of each adapter, which a page downloads besides. */
const ADAPTER_LIMIT = 1382;

/** An app that does nothing else. */
const APP = `import { createTokenManager } from "tokenhold";
const tokens = await createTokenManager({ refresh: "/auth/refresh" });
await tokens.fetch("/api/me");
`;

/** Prints the sizes of what `npm run build` has made. */
export async function checkSize() {
  const total = await downloaded();
  const rows = [
    ["wasm", measure(await minified(embeddingFile))],
    ["glue", measure(await minified(glueFile))],
    ["face", measure(await minified(faceFile, ["#glue", "#wasm"]))],
    ["total", total],
  ];
  console.log(table(rows));
  console.log(
    "The parts are measured each alone; the total is an app of three lines, bundled by esbuild as by default.",
  );
  if (process.argv.includes("--why")) await why(total);
  printOthers();
  const faults = await tooHeavy();
  if (faults.length > 0) throw new ScriptError(faults.join("\n"));
  done(`${total.brotli} bytes of brotli, within the limit of ${LIMIT}`);
}

/** The entries that a page downloads in addition if it imports them. */
function printOthers() {
  const { ".": _, ...others } = entries;
  const rows = Object.entries(others).map(([name, source]) => [`tokenhold${name.slice(1)}`, measured(source)]);
  if (rows.length > 0) console.log(table(rows));
}

/** A sentence for each entry that has more bytes than its limit allows. */
export async function tooHeavy() {
  const weighed = Object.entries(entries).map(async ([name, source]) => {
    const limit = name === "." ? LIMIT : source.startsWith("adapters/") ? ADAPTER_LIMIT : Infinity;
    const { brotli } = name === "." ? await downloaded() : measured(source);
    return brotli > limit ? [`dist/${shipped(source, "js")} has ${brotli} bytes in brotli: the limit is ${limit}`] : [];
  });
  return (await Promise.all(weighed)).flat();
}

/** The bytes of an app with `tokenhold` from `file`, as `esbuild --bundle --minify --format=esm` makes it. */
export async function downloaded(file = join(dist, "index.js")) {
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    stdin: { contents: APP, resolveDir: dist },
    alias: { tokenhold: file },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  return measure(outputFiles[0].contents);
}

/** The bytes of an entry itself: its imports have their own rows, or owners. */
function measured(source) {
  return measure(readFileSync(join(dist, shipped(source, "js"))));
}

/** The module by crate, and what the build's steps save. */
async function why(total) {
  console.log(table(explain((bytes) => measure(bytes).brotli)));
  console.log(
    "The wasm in brotli: what there would be less without those functions. Below a hundred bytes, that is chance.",
  );
  console.log(table(await savings(async (file) => (await downloaded(file)).brotli, total.brotli)));
  console.log("What each step of the build saves: a page would download so many bytes more without it.");
}

function measure(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

async function minified(file, external = []) {
  return bundle({ entryPoints: [file], external });
}

function table(rows) {
  const head = ["", ...Object.keys(rows[0][1])];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = [head, ...rows.map(([name, sizes]) => [name, ...Object.values(sizes)])];
  return lines
    .map(([name, ...cells]) => name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join(""))
    .join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setUpBuild();
    await build();
    await checkSize();
  });
}
