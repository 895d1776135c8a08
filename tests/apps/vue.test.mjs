import { everyAdapter, everyRenderedApp } from "./support/adapters.mjs";
import { built, trusting } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

const policy = trusting("vue");

anyEngine(
  "Vue 3",
  () => built("vue", "dist", { sources: ["session", "vue"], policy }),
  (check) => {
    everyAdapter(check);
    everyRenderedApp(check);
  },
);
