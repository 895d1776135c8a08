/** The output of `npm pack`, used as its users will use it; and the steps of the build, each on small modules. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testFolder } from "./node-tests.mjs";
import { add } from "./tally.mjs";

/** The compilers that they run have one thread. */
const AT_ONCE = 2;

export const setUp = setUpBrowsers;
export const needsPackage = true;

export async function test() {
  return add(await testFolder("tests/build"), await testFolder("tests/packaging", { atOnce: AT_ONCE }));
}
