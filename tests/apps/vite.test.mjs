import { built, served } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

const versions = { "Vite 8": "vite", "Vite 7": "vite-7", "Vite 6": "vite-6" };

for (const [title, name] of Object.entries(versions)) {
  const sources = ["plain", "page", name];
  anyEngine(`${title} builds it with no configuration`, () => built(name, "dist", { sources }));
  anyEngine(`${title} serves it for development with no configuration`, () => served(name, "dev", { sources }));
}
