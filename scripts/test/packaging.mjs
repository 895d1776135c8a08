/** The output of `npm pack`, used as its users will use it. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export function test() {
  return testFolder("tests/packaging");
}
