import { built, served } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

const sources = ["plain", "vite"];

everyEngine("Vite builds it with no configuration", () => built("vite", "dist", { sources }));
everyEngine("Vite serves it for development with no configuration", () => served("vite", "dev", { sources }));
