import { asItIs } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

anyEngine(
  "the fake for tests",
  () => asItIs("rehearsal"),
  (check) => {
    check("runs in a page as well", (visit) => visit.sees("status", "200 signed-out"));
  },
);
