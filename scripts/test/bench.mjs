/** `npm run bench` in short: that there are all figures, not what they are. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";

export const setUp = setUpBrowsers;
export const needsPackage = true;

export function test() {
  return testFolder("tests/bench");
}
