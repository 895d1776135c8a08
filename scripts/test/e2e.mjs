/** Real tabs in real browsers against the real backend. */
import { rmSync } from "node:fs";
import { buildBackend } from "../build/backend.mjs";
import { dist, faults } from "../common/project.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFiles } from "./node-tests.mjs";

/** In milliseconds, for all of them together, on a busy machine: each test has a limit of its own. */
const LIMIT = 120 * 60_000;

export async function setUp() {
  await setUpBrowsers();
  await buildBackend();
}

export const needsPackage = true;

/** In all engines, noting what comes of each fault (see `npm run reliability`), or in `turns`. */
export async function test({ turns = false } = {}) {
  if (turns) return testIn({ TOKENHOLD_TURNS: "1" });
  rmSync(faults, { recursive: true, force: true });
  return testIn({ TOKENHOLD_REPORT: faults });
}

/** With `env` added to the environment. */
export async function testIn(env) {
  const places = { TOKENHOLD_BACKEND: await buildBackend(), TOKENHOLD_DIST: dist };
  return testFiles(["tests/e2e/all.mjs"], { env: { ...places, ...env }, limit: LIMIT });
}
