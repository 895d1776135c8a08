/** Real tabs in real browsers against the real backend. */
import { buildBackend } from "../build/backend.mjs";
import { dist } from "../common/project.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export async function test() {
  const env = { TOKENHOLD_BACKEND: await buildBackend(), TOKENHOLD_DIST: dist };
  // Most of a test is waiting for a token to expire.
  return testFolder("tests/e2e", { env, atOnce: 2 });
}
