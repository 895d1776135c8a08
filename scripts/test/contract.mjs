/** The behaviour of the package as an app sees it, in the simulated browser of `tokenhold/testing`. */
import { testFolder } from "./node-tests.mjs";

export const needsPackage = true;

export function test() {
  return testFolder("tests/contract");
}
