/** The same tests as `e2e`, in WebKit only: `npm run test:webkit`. */
import { setUpBrowsers } from "../setup/browsers.mjs";
import { testIn } from "./e2e.mjs";

const ENGINE = "webkit";

export const setUp = () => setUpBrowsers([ENGINE]);
export const needsPackage = true;

export function test() {
  return testIn({ TOKENHOLD_ENGINES: ENGINE });
}
