/** `npm run leaks -- --refreshes 10000 --requests 100000`: what so many of them leave behind in one tab, in each engine. */
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { buildBackend } from "./build/backend.mjs";
import { run } from "./common/command.mjs";
import { dist } from "./common/project.mjs";
import { main } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { setUpBrowsers } from "./setup/browsers.mjs";

const HOUR_MS = 3_600_000;

await main(async () => {
  const { values } = parseArgs({
    options: { refreshes: { type: "string", default: "10000" }, requests: { type: "string", default: "100000" } },
  });
  await setUpBuild();
  await setUpBrowsers();
  await build();
  const env = {
    TOKENHOLD_BACKEND: await buildBackend(),
    TOKENHOLD_DIST: dist,
    TOKENHOLD_REFRESHES: values.refreshes,
    TOKENHOLD_REQUESTS: values.requests,
    TOKENHOLD_TEST_WITHIN_MS: `${HOUR_MS}`,
  };
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/e2e/leaks.test.mjs"], { env });
});
