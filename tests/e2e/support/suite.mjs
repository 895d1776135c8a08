/** Declares a theme's tests once for every engine. */
import { after, before, describe, test } from "node:test";
import { Browser } from "./browser.mjs";
import { engines, whyNot } from "./engines.mjs";
import { checkInvariants } from "./invariants.mjs";
import { report } from "./report.mjs";
import { World } from "./world.mjs";

const TEST_WITHIN_MS = Number(process.env.TOKENHOLD_TEST_WITHIN_MS ?? 120_000);

/**
 * `define` is called for each engine with `check(title, settings, body)`, which declares one test; `settings` are the
 * backend's flags, and `allow`, the invariants that it breaks on purpose. The engines run side by side: most of a test
 * is waiting for a token to expire.
 *
 * A test with a `fault` has a line in the table of RELIABILITY.md, and returns what is said there: `{ outcome, waitedMs,
 * boundMs, refreshes }`. One that `needs` what an engine cannot do is said there with the reason, and is no test of that engine.
 */
export function everyEngine(theme, define) {
  describe(theme, { concurrency: engines.length }, () => {
    for (const engine of engines) {
      describe(engine, { concurrency: 1 }, () => {
        let browser;
        before(async () => (browser = await Browser.start(engine)), { timeout: 60_000 });
        after(() => browser?.quit());
        define((title, settings, body) => declare(title, settings, body, engine, () => browser), engine);
      });
    }
  });
}

function declare(title, { allow, fault, needs, ...flags }, body, engine, browser) {
  const cannot = needs && whyNot(engine, needs);
  if (cannot) return report(fault, engine, { cannot });
  test(`${title} [${engine}]`, { timeout: TEST_WITHIN_MS }, async (context) => {
    const world = await World.open(browser(), flags);
    try {
      const found = await body(world);
      await checkInvariants(world, allow);
      if (fault) report(fault, engine, found);
    } catch (error) {
      for (const line of world.ledger.story()) context.diagnostic(line);
      if (fault) report(fault, engine, { outcome: "FAILED" });
      throw error;
    } finally {
      await world.close();
    }
  });
}
