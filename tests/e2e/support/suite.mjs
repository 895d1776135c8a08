/** Declares a theme's tests once for every engine. */
import { after, before, describe, test } from "node:test";
import { bounded } from "./clock.mjs";
import { engines, whyNot } from "./engines.mjs";
import { checkInvariants } from "./invariants.mjs";
import { giveBrowser, quitBrowsers, takeBrowser } from "./pool.mjs";
import { report } from "./report.mjs";
import { byTurns, inEveryEngine } from "./turns.mjs";
import { World } from "./world.mjs";

const TEST_WITHIN_MS = Number(process.env.TOKENHOLD_TEST_WITHIN_MS ?? 240_000);
/** So long may a theme have to wait for a browser. */
const HOUR_MS = 3_600_000;

let themes;

/** Declares all themes of the files that `load` imports, and runs as many of them at once as there are browsers. */
export async function together(load) {
  themes = [];
  await load();
  inBrowsers(themes);
}

/**
 * `define` is called for each engine with `check(title, settings, body)`, which declares one test; `settings` are the
 * backend's flags, and `allow`, the invariants that it breaks on purpose. The engines run side by side: a test waits
 * for tokens to expire.
 *
 * A test of what people have `suffered` elsewhere has the reports of it in its title: see the table in RELIABILITY.md.
 *
 * A test with a `fault` has a line in the table of RELIABILITY.md, and returns what is said there: `{ outcome, waitedMs,
 * boundMs, refreshes }`. One that `needs` what an engine cannot do is said there with the reason, and is no test of that engine.
 */
export function everyEngine(theme, define) {
  declareTheme(theme, inEveryEngine(able(define)));
}

/** As {@link everyEngine}, for tests of what the library decides, which is the same in all of them: see `turns.mjs`. */
export function anyEngine(theme, define) {
  declareTheme(theme, byTurns(able(define)));
}

function declareTheme(theme, tests) {
  const declareAll = () =>
    describe(theme, { concurrency: engines.length }, () => {
      for (const engine of engines) inEngine(engine, tests.get(engine));
    });
  if (themes) themes.push(declareAll);
  else inBrowsers([declareAll]);
}

/** `define` without the tests that need what the engine cannot do. */
function able(define) {
  return (check, engine) =>
    define((title, { needs, ...settings }, body) => {
      const cannot = needs && whyNot(engine, needs);
      if (cannot) report(settings.fault, engine, { cannot });
      else check(title, settings, body);
    }, engine);
}

/** Browsers keep this process running: they are ended with the last theme. */
function inBrowsers(themes) {
  describe("real tabs", { concurrency: engines.length * themes.length }, () => {
    after(quitBrowsers);
    for (const declareAll of themes) declareAll();
  });
}

function inEngine(engine, tests) {
  if (tests.length === 0) return;
  describe(engine, { concurrency: 1 }, () => {
    let browser;
    before(async () => (browser = await takeBrowser(engine)), { timeout: HOUR_MS });
    after(() => browser && giveBrowser(browser));
    for (const [title, settings, body] of tests) declare(title, settings, body, engine, () => browser);
  });
}

function declare(title, { allow, fault, suffered, ...flags }, body, engine, browser) {
  const reports = suffered ? ` (${suffered.join(", ")})` : "";
  test(`${title}${reports} [${engine}]`, async (context) => {
    const world = await World.open(browser(), flags);
    try {
      const found = await bounded(body(world), "the test", TEST_WITHIN_MS);
      await checkInvariants(world, allow);
      if (fault) report(fault, engine, found);
    } catch (error) {
      browser().distrust();
      for (const line of world.ledger.story()) context.diagnostic(line);
      if (fault) report(fault, engine, { outcome: "FAILED" });
      throw error;
    } finally {
      await world.close();
    }
  });
}
