/** Declares a theme's tests once for every engine. */
import { after, before, describe, test } from "node:test";
import { Browser } from "./browser.mjs";
import { engines } from "./engines.mjs";
import { checkInvariants } from "./invariants.mjs";
import { World } from "./world.mjs";

const TEST_WITHIN_MS = 120_000;

/**
 * `define` is called for each engine with `check(title, settings, body)`, which declares one test; `settings` are the
 * backend's flags, and `allow`, the invariants that it breaks on purpose. The engines run side by side: most of a test
 * is waiting for a token to expire.
 */
export function everyEngine(theme, define) {
  describe(theme, { concurrency: engines.length }, () => {
    for (const engine of engines) {
      describe(engine, { concurrency: 1 }, () => {
        let browser;
        before(async () => (browser = await Browser.start(engine)), { timeout: 60_000 });
        after(() => browser?.quit());
        define((title, ...rest) => declare(`${title} [${engine}]`, () => browser, ...rest), engine);
      });
    }
  });
}

function declare(title, browser, ...rest) {
  const body = rest.pop();
  const { allow, ...flags } = rest.pop() ?? {};
  test(title, { timeout: TEST_WITHIN_MS }, async (context) => {
    const world = await World.open(browser(), flags);
    try {
      await body(world);
      await checkInvariants(world, allow);
    } catch (error) {
      for (const line of world.ledger.story()) context.diagnostic(line);
      throw error;
    } finally {
      await world.close();
    }
  });
}
