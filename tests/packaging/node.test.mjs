import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { makeProject } from "./support/project.mjs";

test("a server that renders pages can import the package: nothing of a browser is touched, nothing keeps it running (oidc-client-ts#256)", (context) => {
  const folder = makeProject(context, {
    "server.js": `
      const touched = [];
      for (const name of ["window", "document", "location", "localStorage", "sessionStorage", "self"]) {
        Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) });
      }
      const { createTokenManager, isTokenholdError, TokenholdError } = await import("tokenhold");
      const types = [createTokenManager, isTokenholdError, TokenholdError].map((value) => typeof value);
      console.log(JSON.stringify({ types, touched }));
    `,
  });
  const output = execFileSync(process.execPath, ["server.js"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  assert.deepEqual(JSON.parse(output), { types: ["function", "function", "function"], touched: [] });
});

test("consoles call an error by its name", (context) => {
  const folder = makeProject(context, {
    "server.js": `
      const { createTokenManager, TokenholdError } = await import("tokenhold");
      const error = await createTokenManager({ refresh: "/auth/refresh" }).catch((error) => error);
      console.log(JSON.stringify([TokenholdError.name, error.constructor.name, error.stack.split(":")[0]]));
    `,
  });
  const output = execFileSync(process.execPath, ["server.js"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  assert.deepEqual(JSON.parse(output), ["TokenholdError", "TokenholdError", "TokenholdError"]);
});

test("where there is no browser, creating a manager says that it needs one", (context) => {
  const folder = makeProject(context, {
    "server.js": `
      const outcome = async (entry) => {
        const { createTokenManager } = await import(entry);
        const { code, message } = await createTokenManager({ refresh: "/auth/refresh" }).catch((error) => error);
        return { code, message };
      };
      console.log(JSON.stringify([await outcome("tokenhold"), await outcome("tokenhold/slim")]));
    `,
  });
  const output = execFileSync(process.execPath, ["server.js"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  const said = { code: "wasm-failed", message: "a token manager needs a browser" };
  assert.deepEqual(JSON.parse(output), [said, said]);
});

test("where no page completes a relative URL, the error says so: in a blank page, and in Node at any address", (context) => {
  const folder = makeProject(context, {
    "page.js": `
      const { createTokenManager } = await import("tokenhold");
      const outcome = async (href, options) => {
        globalThis.location = new URL(href);
        const { code, message } = await createTokenManager(options).catch((error) => error);
        return [code, message];
      };
      const seen = [
        await outcome("about:blank", { refresh: "/auth/refresh" }),
        await outcome("http://localhost:3000/", { refresh: "https://api.example.com/", logout: { url: "bye" } }),
        await outcome("about:blank", { refresh: "https://alice:secret@api.example.com/" }),
      ];
      console.log(JSON.stringify(seen));
    `,
  });
  const output = execFileSync(process.execPath, ["page.js"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  const problem = (option) => `option \`${option}\` must be absolute here: \`Request\` takes no relative one`;
  assert.deepEqual(JSON.parse(output), [
    ["invalid-option", problem("refresh.url")],
    ["invalid-option", problem("logout.url")],
    ["invalid-option", "option `refresh.url` must be an http or https URL"],
  ]);
});
