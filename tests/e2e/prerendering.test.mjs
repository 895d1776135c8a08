import assert from "node:assert/strict";
import { bounded, moment, until } from "./support/clock.mjs";
import { REFRESH } from "./support/ledger.mjs";
import { everyEngine } from "./support/suite.mjs";

/** Longer than anything waits for, with a time-out of a second: see README.md. */
const LONG_MS = 20_000;

const page = `<!doctype html><title>prerendered</title><script type="module">
import { createTokenManager } from "/tokenhold/index.js";
window.wasPrerendered = document.prerendering;
const tokens = await createTokenManager({ refresh: { url: "/auth/refresh", timeout: 1_000 } });
let readyWhile = "";
tokens.ready.then(() => (readyWhile = document.prerendering ? "prerendered" : "seen"));
const status = await tokens.fetch("/api/me").then((response) => response.status, (error) => error.code);
window.outcome = { status, readyWhile, is: tokens.status };
</script>`;

everyEngine("pages that are prerendered", (check) => {
  check(
    "liveness: whatever waits in a page that nobody sees yet waits on, and is served when somebody does",
    { needs: "prerendering" },
    async (world) => {
      const [tab] = await world.signedInTabs(1);
      let asked = 0;
      world.gateway.rule("/prerendered", async () => {
        asked += 1;
        return { status: 200, headers: { "content-type": "text/html" }, body: page };
      });
      const mark = world.ledger.mark();
      await tab.show();
      await tab.run(() => {
        const rules = document.createElement("script");
        rules.type = "speculationrules";
        rules.textContent = JSON.stringify({ prerender: [{ urls: ["/prerendered"], eagerness: "immediate" }] });
        document.head.append(rules);
      });
      await until(async () => asked > 0, "the page to be prerendered");
      await moment(Date.now() + LONG_MS);
      assert.equal(world.ledger.to(REFRESH, mark).length, 0);
      const outcome = await tab.leave(async (driver) => {
        const home = await driver.getCurrentUrl();
        await driver.executeScript("location.href = '/prerendered'");
        const isThere = () => driver.executeScript("return window.outcome && [outcome, wasPrerendered]");
        const outcome = await bounded(driver.wait(isThere, 30_000), "the outcome");
        await driver.get(home);
        return outcome;
      });
      await tab.connected();
      assert.equal(asked, 1);
      assert.deepEqual(outcome, [{ status: 200, readyWhile: "seen", is: "signed-in" }, true]);
      assert.equal(world.ledger.to(REFRESH, mark).length, 1);
    },
  );
});
