import { everyAdapter, everyRenderedApp } from "./support/adapters.mjs";
import { built, trusting } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

const policy = trusting("vue");

everyEngine(
  "Vue 3",
  () => built("vue", "dist", { sources: ["session", "vue"], policy }),
  (check) => {
    everyAdapter(check);
    everyRenderedApp(check);
  },
);
