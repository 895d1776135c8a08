/** What `npm pack` makes, used as people will use it. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export function test() {
  return testFolder("tests/packaging");
}
