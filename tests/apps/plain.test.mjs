import { forImportMap } from "./support/import-map.mjs";
import { asItIs } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

everyEngine("a plain page imports it by an import map", () => asItIs("plain", { policy: forImportMap("plain") }));
