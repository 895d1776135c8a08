/** Real tabs in real browsers against the real backend. */
import { rmSync } from "node:fs";
import { buildBackend } from "../build/backend.mjs";
import { dist, faults } from "../common/project.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export async function test() {
  rmSync(faults, { recursive: true, force: true });
  const env = { TOKENHOLD_BACKEND: await buildBackend(), TOKENHOLD_DIST: dist, TOKENHOLD_REPORT: faults };
  // Most of a test is waiting for a token to expire.
  return testFolder("tests/e2e", { env, atOnce: 2 });
}
