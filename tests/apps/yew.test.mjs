import { compiled } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

anyEngine("an app in Rust uses the crate, with Yew", () => compiled("yew"));
