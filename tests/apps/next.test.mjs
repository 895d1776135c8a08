import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blocksOf, read } from "../docs/support/markdown.mjs";
import { served } from "./support/sites.mjs";
import { everyApp, anyEngine } from "./support/suite.mjs";

test("docs/csp.md shows what is tested here", () => {
  const [shown] = blocksOf("docs/csp.md", read("docs/csp.md")).filter(({ language }) => language === "js");
  assert.equal(shown.code, readFileSync(new URL("next/proxy.js", import.meta.url), "utf8"));
});

const nextApp = (check) => {
  check("signs in, calls the API, and restores by one refresh", everyApp);
  check(
    "a server component and a route can import it; to create a manager there is an error that says why",
    async (visit) => {
      await visit.sees("on-the-server", "false");
      const answer = await visit.within((driver) =>
        driver.executeScript(`return fetch("/on-the-server").then((r) => r.json())`),
      );
      assert.deepEqual(answer, { code: "wasm-failed", message: "a token manager needs a browser" });
    },
  );
};

anyEngine("Next.js builds it with no configuration", () => served("next", "start", { build: "build" }), nextApp);
anyEngine("Next.js serves it for development with no configuration", () => served("next", "dev"), nextApp);
