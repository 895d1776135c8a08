/** Apps of other people, with the packed package in them, in real browsers before the real backend. */
import { buildBackend } from "../build/backend.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFiles } from "./node-tests.mjs";

/** In milliseconds, for all of them together, on a busy machine that has to fetch every framework first. */
const LIMIT = 120 * 60_000;

export async function setUp() {
  await setUpBrowsers();
  await buildBackend();
}

export const needsPackage = true;

/** In all engines, or in `turns`. */
export async function test({ turns = false } = {}) {
  const env = { TOKENHOLD_BACKEND: await buildBackend(), TOKENHOLD_TURNS: turns ? "1" : "" };
  return testFiles(["tests/apps/all.mjs"], { env, limit: LIMIT });
}
