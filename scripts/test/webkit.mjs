/** The same tests as `e2e`, in WebKit: `npm run test:webkit`. What was found about faults is added to what `e2e` has found. */
import { setUpWebKit } from "../setup/browsers.mjs";
import { testIn } from "./e2e.mjs";

export const setUp = setUpWebKit;
export const needsPackage = true;

export function test() {
  return testIn("webkit");
}
