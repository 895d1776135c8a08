/** The package and the fake of `tokenhold/testing`, held to the same behaviours. */
import { testFolder } from "./node-tests.mjs";

export const needsPackage = true;

export function test() {
  return testFolder("tests/contract");
}
