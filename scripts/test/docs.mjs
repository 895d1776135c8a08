/** The content of the Markdown files: every block of code, every link, the prose, and the backends in docs/. */
import { buildBackend } from "../build/backend.mjs";
import { dist } from "../common/project.mjs";
import { setUpBrowsers } from "../setup/browsers.mjs";
import { setUpDocs } from "../setup/docs.mjs";
import { testFolder } from "./node-tests.mjs";

export async function setUp() {
  await setUpDocs();
  await setUpBrowsers();
  await buildBackend();
}

export const needsPackage = true;

export async function test() {
  const env = { TOKENHOLD_BACKEND: await buildBackend(), TOKENHOLD_DIST: dist };
  return testFolder("tests/docs", { env });
}
