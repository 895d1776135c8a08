/** Measures how much each step of the build saves: makes the package once more without that step. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, faceFile } from "./build/bundle.mjs";
import { embed } from "./build/embedding.mjs";
import { compile, finish, steps } from "./build/wasm.mjs";
import { target } from "./common/project.mjs";

/** As long as that of a real build. */
const BUILD = "without-name";

/** A row for each step: `[name, { without, saves }]`. `size` tells what a page downloads with the package in a file. */
export async function savings(size, total) {
  const linked = await compile();
  const rows = [];
  for (const step of steps) {
    const folder = join(target, "without", step);
    rmSync(folder, { recursive: true, force: true });
    await finish(linked, folder, step);
    const without = await size(await packageOf(folder));
    rows.push([step, { without, saves: without - total }]);
  }
  return rows;
}

/** The package as one file, with the module and the glue that are in `folder`. */
async function packageOf(folder) {
  const replaced = { "#glue": join(folder, "glue", "tokenhold.js"), "#wasm": join(folder, "embedded.js") };
  embed(join(folder, "tokenhold.wasm"), BUILD, replaced["#wasm"]);
  const standingIn = {
    name: "without",
    setup: ({ onResolve }) => onResolve({ filter: /^#(glue|wasm)$/ }, ({ path }) => ({ path: replaced[path] })),
  };
  const file = join(folder, "index.js");
  // The glue of wasm-bindgen repeats itself, of which esbuild warns.
  writeFileSync(file, await bundle({ entryPoints: [faceFile], plugins: [standingIn], logLevel: "error" }));
  return file;
}
