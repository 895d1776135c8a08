/** `npm start [-- flags]`: builds what is missing, then runs the reference backend with the sample page. */
import { build } from "./build.mjs";
import { buildBackend } from "./build/backend.mjs";
import { main } from "./common/script-error.mjs";
import { setUpBuild } from "./setup.mjs";
import { requireFreePort } from "./start/port.mjs";
import { serve } from "./start/server.mjs";

await main(async () => {
  const flags = process.argv.slice(2);
  await requireFreePort(flags);
  await setUpBuild();
  await build();
  await serve(await buildBackend(), ["--www", "www", "--package", "dist", ...flags]);
});
