import assert from "node:assert/strict";
import { served } from "./support/sites.mjs";
import { everyApp, everyEngine } from "./support/suite.mjs";

const nextApp = (check) => {
  check("signs in, calls the API, and restores by one refresh", everyApp);
  check("a server component and a route can import it; to create a manager there is an error that says why", async (visit) => {
    await visit.sees("on-the-server", "false");
    const answer = await visit.within((driver) => driver.executeScript(`return fetch("/on-the-server").then((r) => r.json())`));
    assert.deepEqual(answer, { code: "wasm-failed", message: "a token manager needs a browser" });
  });
};

everyEngine("Next.js builds it with no configuration", () => served("next", "start", { build: "build" }), nextApp);
