import { built, served } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

for (const name of ["webpack", "rollup", "esbuild", "parcel"]) {
  everyEngine(`${name} bundles it with no configuration`, () => built(name, "dist", { sources: ["plain", "page", name] }));
}

for (const [name, build] of [["vite", "build"], ["webpack", "build"], ["esbuild", "build-apart"]]) {
  const sources = ["page", name, "apart", `apart-${name}`];
  everyEngine(`${name} puts the WebAssembly beside the script`, () => built(`apart-${name}`, "dist", { sources, build }));
}

everyEngine("parcel serves it for development with no configuration", () => served("parcel", "dev", { sources: ["plain", "page", "parcel"] }));
