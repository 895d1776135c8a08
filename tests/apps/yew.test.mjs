import { compiled } from "./support/sites.mjs";
import { everyEngine } from "./support/suite.mjs";

everyEngine("an app in Rust uses the crate, with Yew", () => compiled("yew"));
