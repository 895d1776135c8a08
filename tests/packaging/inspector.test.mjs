import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { makeProject } from "./support/project.mjs";

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

test("a server that renders pages can import the inspector, and call it to no effect", (context) => {
  const folder = makeProject(context, {
    "server.js": `
      import { inspect, watched } from "tokenhold/inspector";
      const options = { refresh: "/auth/refresh" };
      inspect({})();
      console.log(watched(options) === options);
    `,
  });
  assert.equal(
    execFileSync(process.execPath, ["server.js"], { cwd: folder, encoding: "utf8", timeout: 120_000 }),
    "true\n",
  );
});

test("who uses the class has the element defined, and who does not import it does not get it", async (context) => {
  const folder = makeProject(context, {
    "element.js": 'import { TokenholdInspector } from "tokenhold/inspector";\nnew TokenholdInspector();\n',
    "markup.js":
      'import { TokenholdInspector } from "tokenhold/inspector";\ndocument.body.lastChild instanceof TokenholdInspector && go();\n',
    "core.js": 'export { createTokenManager } from "tokenhold";\n',
  });
  const files = ["element.js", "markup.js", "core.js"];
  const [element, markup, core] = await Promise.all(files.map((file) => bundled(folder, file)));
  for (const used of [element, markup]) assert.match(used, /customElements[^;]*\.define\(/);
  assert.doesNotMatch(core, /customElements/);
});

test("its types know the element, the manager of any claims, and what the options were", (context) => {
  const consumer = `
    import { createTokenManager } from "tokenhold";
    import { inspect, TokenholdInspector, watched } from "tokenhold/inspector";
    const tokens = await createTokenManager<{ sub: string }>(watched({ refresh: "/auth/refresh", exposeToken: true }));
    const exposed: Promise<string | null> = tokens.accessToken();
    const inspector: TokenholdInspector = document.createElement("tokenhold-inspector");
    inspector.tokens = tokens;
    inspector.note("a line");
    const color: string | undefined = inspector.tab?.color;
    const remove: () => void = inspect(tokens, { name: "admin", open: true });
    // @ts-expect-error: an option that there is not
    inspect(tokens, { opened: true });
    // @ts-expect-error: the manager's options are checked here as well
    watched({ refresh: 1 });
    console.log(exposed, color, remove);
  `;
  const folder = makeProject(context, { "consumer.ts": consumer });
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "nodenext"];
  const lib = ["--lib", "es2023,dom,esnext.disposable", "--types", ""];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...flags, ...lib, "consumer.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

async function bundled(folder, file) {
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    absWorkingDir: folder,
    entryPoints: [file],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "warning",
  };
  const { outputFiles } = await esbuild.build(options);
  return outputFiles[0].text;
}
