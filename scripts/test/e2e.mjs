/** Real tabs in real browsers against the real backend. */
import { rmSync } from "node:fs";
import { buildBackend } from "../build/backend.mjs";
import { dist, faults } from "../common/project.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

/** A third one would make the whole run longer than the quarter of an hour that people wait for. */
export const USUAL_ENGINES = "chromium,firefox";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export async function test() {
  rmSync(faults, { recursive: true, force: true });
  return testIn(USUAL_ENGINES);
}

/** Runs the tests in these engines, or in those of `TOKENHOLD_ENGINES`. */
export async function testIn(engines) {
  const env = {
    TOKENHOLD_BACKEND: await buildBackend(),
    TOKENHOLD_DIST: dist,
    TOKENHOLD_ENGINES: process.env.TOKENHOLD_ENGINES ?? engines,
    TOKENHOLD_REPORT: faults,
  };
  // Most of a test is waiting for a token to expire.
  return testFolder("tests/e2e", { env, atOnce: 2 });
}
