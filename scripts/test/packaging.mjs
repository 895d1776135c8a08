/** What `npm pack` makes, used as people will use it. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { USUAL_ENGINES } from "./e2e.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export function test() {
  return testFolder("tests/packaging", { env: { TOKENHOLD_ENGINES: process.env.TOKENHOLD_ENGINES ?? USUAL_ENGINES } });
}
