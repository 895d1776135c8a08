import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { createServer } from "vite";
import { engines, startEngine } from "../e2e/support/engines.mjs";
import { app, statusShown } from "./support/app.mjs";
import { makeProject } from "./support/project.mjs";
import { serve } from "./support/static-server.mjs";

const vite = fileURLToPath(new URL("../../node_modules/vite/bin/vite.js", import.meta.url));

/** What a test of an app's might do. */
const rehearsal = `
import { createTestTokenManager } from "./node_modules/tokenhold/dist/testing/index.js";
const { tokens, backend, clock, otherTab } = createTestTokenManager({ signedIn: "alice" });
await tokens.ready;
await clock.advance(60_000);
backend.rejectTokens();
const { status } = await tokens.fetch("/api/me");
await otherTab.logout();
document.body.dataset.status = [status, tokens.status].join(" ");
`;

for (const engine of engines) {
  describe(engine, () => {
    let driver;
    before(async () => {
      driver = await startEngine(engine);
    });
    after(() => driver?.quit());

    test("a page imports it without a bundler", async (context) => {
      const folder = makeProject(context, {
        "index.html": app["index.html"],
        "main.js": app["main.js"].replace('"tokenhold"', '"./node_modules/tokenhold/dist/index.js"'),
      });
      assert.equal(await statusShown(driver, await serve(context, folder)), "signed-out");
    });

    test("the fake for tests runs in a page as well", async (context) => {
      const folder = makeProject(context, { "index.html": app["index.html"], "main.js": rehearsal });
      assert.equal(await statusShown(driver, await serve(context, folder)), "200 signed-out");
    });

    test("Vite builds it with no configuration", async (context) => {
      const folder = makeProject(context, app);
      execFileSync(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: folder, stdio: "inherit" });
      assert.equal(await statusShown(driver, await serve(context, join(folder, "dist"))), "signed-out");
    });

    test("Vite serves it for development with no configuration", async (context) => {
      const server = await createServer({ root: makeProject(context, app), logLevel: "warn", server: { port: 0 } });
      context.after(() => server.close());
      await server.listen();
      assert.equal(await statusShown(driver, server.resolvedUrls.local[0]), "signed-out");
    });

    test("esbuild bundles it, into ASCII", async (context) => {
      const folder = makeProject(context, app);
      const file = join(folder, "main.js");
      await bundle({ absWorkingDir: folder, entryPoints: ["main.js"], outfile: file, allowOverwrite: true, minify: true });
      assert.match(readFileSync(file, "latin1"), /^[\x20-\x7e\n]*$/);
      assert.equal(await statusShown(driver, await serve(context, folder)), "signed-out");
    });
  });
}

test("whoever does not use it pays nothing", async (context) => {
  const folder = makeProject(context, { "main.js": 'import { createTokenManager } from "tokenhold";\nconsole.log("hello");\n' });
  const { outputFiles } = await bundle({ absWorkingDir: folder, entryPoints: ["main.js"], minify: true, write: false });
  assert.equal(outputFiles[0].text.trim(), 'console.log("hello");');
});

function bundle(options) {
  return esbuild.build({ bundle: true, format: "esm", logLevel: "warning", ...options });
}
