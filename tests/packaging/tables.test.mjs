/**
 * `docs/options.md` and `docs/events.md` are the tables of all options and of all events. The types, the face, the shell and
 * the inspector have what they name, and nothing else. `tests/tables.rs` sees to the core.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { makeProject } from "./support/project.mjs";
import { events, ofBothRequests, options, pathOf, sourceOf } from "./support/tables.mjs";

/** Absolute, because Node has no page to which a URL could be relative. */
const PAGE = "http://localhost/";

/** For each kind of option: its type, values that are right, and one that is not. */
const kinds = {
  boolean: { type: "boolean", right: [true, false], wrong: "yes" },
  integer: { type: "number", right: [], wrong: "10" },
  text: { type: "string", right: ["a.b"], wrong: 7 },
  URL: { type: "string | URL", right: [`${PAGE}a`, new URL(PAGE)], wrong: 7 },
  statuses: { type: "readonly number[]", right: [[], [419]], wrong: 419 },
  origins: { type: "readonly string[]", right: [[], ["https://a.example"]], wrong: "https://a.example" },
  "headers or function": {
    type: "RequestHeaders | (() => RequestHeaders)",
    right: [{ a: "b" }, new Headers({ a: "b" }), [["a", "b"]], () => ({})],
    wrong: "a: b",
  },
  "body or function": {
    type: "RequestBody | (() => RequestBody)",
    right: ["a", new URLSearchParams("a=b"), {}, () => ({})],
    wrong: 7,
  },
  credentials: { type: "RequestCredentials", right: ["include", "same-origin", "omit"], wrong: "always" },
  unit: { type: '"s" | "ms"', right: ["s", "ms"], wrong: "min" },
  function: {
    type: "(request: Request | string, init?: RequestInit) => Promise<Response>",
    right: [async () => new Response(null, { status: 401 })],
    wrong: {},
  },
  "statuses or function": {
    type: "readonly number[] | ((response: Response) => boolean | Promise<boolean>)",
    right: [[419], () => false],
    wrong: 419,
  },
  module: { type: "WasmSource | Promise<WasmSource>", right: [], wrong: 7 },
  names: { type: "readonly string[]", right: [["sub"], ["iss", "sub", "org"]], wrong: [] },
  "boolean or object": {
    type: "boolean | { cookie: string }",
    right: [true, false, { cookie: "a" }],
    wrong: "yes",
  },
  "object or reader": { type: "ResponseShape | ResponseReader", right: [{}, () => null], wrong: "x" },
  // Their fields are options too, or are named in the page's text.
  object: { right: [], wrong: "x" },
  "URL or object": { right: [`${PAGE}a`, new URL(PAGE), { url: `${PAGE}a` }], wrong: 7 },
};

/** Options that the face deals with by itself. */
const OF_THE_FACE = ["exposeToken", "wasm"];

/** Fields besides: those of `csrf`, which have no line of their own, and those of a body as the face has read it. */
const OF_AN_OBJECT = ["cookie", "header", "text", "type"];

describe("every option of docs/options.md, and no other", async () => {
  const rows = options();

  test("is of a kind that is known", () => {
    assert.ok(rows.length > 20, `${rows.length} options`);
    assert.deepEqual(
      rows.filter(({ kind }) => !kinds[kind]).map(({ name, kind }) => `${name}: ${kind}`),
      [],
    );
  });

  test("is in the types", (context) => {
    const typed = rows.filter(({ kind }) => kinds[kind].type);
    const lines = [
      ...typed.map(({ owner, key, kind }) => same(`NonNullable<${owner}["${key}"]>`, kinds[kind].type)),
      ...Object.entries(keysByOwner(rows)).map(([owner, keys]) => same(`keyof ${owner}`, union(keys))),
    ];
    assert.equal(compile(context, lines), "");
  });

  test("is passed on by apps in Rust: src/web/world.rs", () => {
    const calls = sourceOf("src/web/world.rs").matchAll(/\.set\w*\(\s*"(\w+)"/g);
    const written = new Set([...calls].map(([, name]) => name));
    const named = rows.map(({ name, key }) => (name.startsWith("signIn.") ? "signIn" : key));
    const expected = [...named.filter((name) => !OF_THE_FACE.includes(name)), ...OF_AN_OBJECT];
    assert.deepEqual([...written].sort(), [...new Set(expected)].sort());
  });

  const create = await page();

  for (const { name, kind, range } of rows) {
    test(`is taken, and refused where it is wrong: ${name}`, async (context) => {
      const attempt = (value) => create(context, withOption(name, value));
      for (const value of [...kinds[kind].right, ...(range ?? []).map((end) => ofSize(kind, end))]) {
        await assert.doesNotReject(attempt(value), `${value}`);
      }
      const outside = range ? [range[0] - 1, range[1] + 1] : [];
      for (const value of [kinds[kind].wrong, ...outside.map((end) => ofSize(kind, end))]) {
        await assert.rejects(attempt(value), (/** @type {any} */ error) => {
          assert.equal(error.code, "invalid-option");
          assert.ok(error.message.startsWith(`option \`${name}\` `), error.message);
          return true;
        });
      }
    });
  }
});

describe("every event of docs/events.md, and no other", async () => {
  const rows = events();

  test("is in the types, with its details", (context) => {
    assert.ok(rows.length > 5, `${rows.length} events`);
    const lines = [
      same("EventType", union(rows.map(({ name }) => name))),
      ...rows.map(({ name, details }) =>
        details.length > 0
          ? same(`EventDetails["${name}"]`, `{ ${details.map(member).join(" ")} }`)
          : same(`keyof EventDetails["${name}"]`, "never"),
      ),
    ];
    assert.equal(compile(context, lines), "");
  });

  test("is told by src/web/bindings.rs, with its details", () => {
    const [, body] = /fn describe\([^{]*\{(.*?)\n\}/s.exec(sourceOf("src/web/bindings.rs"));
    const arms = body.split(/\n {8}Event::/).slice(1);
    const told = arms.map((arm) => ({
      name: [...arm.matchAll(/"([^"]+)"/g)].at(-1)[1],
      details: [...arm.matchAll(/details\.set\w*\(\s*"(\w+)"/g)].map(([, name]) => name).sort(),
    }));
    // The face adds the sentence to the code.
    const expected = rows.map(({ name, details }) => ({
      name,
      details: details
        .map(({ name }) => name)
        .filter((detail) => detail !== "message")
        .sort(),
    }));
    const byName = (one, other) => one.name.localeCompare(other.name);
    assert.deepEqual(told.sort(byName), expected.sort(byName));
  });

  const create = await page();

  test("can be listened to", async (context) => {
    const tokens = await create(context);
    for (const { name } of rows) tokens.on(name, () => {});
    // @ts-expect-error There is no such event.
    assert.throws(() => tokens.on("no such event", () => {}), TypeError);
  });

  for (const file of ["tests/contract/support/looking.mjs", "tests/e2e/support/page/agent.js"]) {
    test(`is heard by the tests: ${file}`, () => {
      const [, list] = /^ *const (?:types|kinds) = \[([^\]]*)\]/m.exec(sourceOf(file));
      const heard = [...list.matchAll(/"([\w-]+)"/g)].map(([, name]) => name);
      assert.deepEqual(heard.sort(), rows.map(({ name }) => name).sort());
    });
  }

  test("is shown by the inspector", () => {
    const folder = "src/ts/inspector";
    const sources = readdirSync(pathOf(folder)).map((file) => sourceOf(`${folder}/${file}`));
    const heard = new Set(sources.flatMap((text) => [...text.matchAll(/\.on\("([\w-]+)"/g)].map(([, name]) => name)));
    assert.deepEqual([...heard].sort(), rows.map(({ name }) => name).sort());
  });
});

/** Returns a function that makes managers in the least of a page that will do. */
async function page() {
  globalThis.location ??= /** @type {any} */ (new URL(PAGE));
  const { createTokenManager } = await import("../../dist/index.js");
  return async (context, options) => {
    const fetch = async () => new Response(null, { status: 401 });
    const tokens = await createTokenManager({ refresh: `${PAGE}refresh`, restore: false, fetch, ...options });
    context.after(() => tokens.dispose());
    return tokens;
  };
}

/** The names of the fields of each interface. */
function keysByOwner(rows) {
  const keysOf = (owner) => rows.filter((row) => row.owner === owner).map(({ key }) => key);
  return {
    TokenManagerOptions: [...keysOf("TokenManagerOptions"), "signIn"],
    RefreshOptions: keysOf("RefreshOptions"),
    LogoutOptions: [...ofBothRequests(), ...keysOf("LogoutOptions")],
    ResponseShape: keysOf("ResponseShape"),
  };
}

/** Options with this one. */
function withOption(name, value) {
  const [key, ...path] = name.split(".").reverse();
  const inner = path.reduce((fields, key) => ({ [key]: fields }), { [key]: value });
  const url = `${PAGE}request`;
  const { refresh, logout } = inner;
  return {
    ...inner,
    ...(path.length > 0 && refresh ? { refresh: { url, ...refresh } } : {}),
    ...(path.length > 0 && logout ? { logout: { url, ...logout } } : {}),
  };
}

/** A value at an end of a range. */
function ofSize(kind, end) {
  if (kind === "integer") return end;
  return kind === "text" ? "x".repeat(end) : [end];
}

function union(names) {
  return names.map((name) => `"${name}"`).join(" | ");
}

function member({ name, isOptional, type }) {
  return `readonly ${name}${isOptional ? "?" : ""}: ${type};`;
}

/** A line of TypeScript that is right if the types are the same. */
function same(one, other) {
  return `export type _ = Yes<Same<${one}, ${other}>>;`;
}

/** Returns the complaints of the compiler about the lines, in a project that has the package. */
function compile(context, lines) {
  const types =
    "EventDetails EventType LogoutOptions RefreshOptions RequestBody RequestHeaders ResponseReader ResponseShape TokenManagerOptions WarningCode WasmSource";
  const head = `import type { ${types.replaceAll(" ", ", ")} } from "tokenhold";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Yes<T extends true> = T;
export type All = ${[...types.split(" ")].join(" | ")};`;
  const numbered = lines.map((line, number) => line.replace("_", `Line${number}`));
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    target: "es2022",
    lib: ["es2022", "dom"],
    types: [],
    module: "esnext",
    moduleResolution: "bundler",
  };
  const files = { "tables.ts": [head, ...numbered].join("\n"), "tsconfig.json": JSON.stringify({ compilerOptions }) };
  const folder = makeProject(context, files);
  const compiler = pathOf("node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "--project", "."], { cwd: folder, encoding: "utf8" });
  const wrong = [...stdout.matchAll(/^tables\.ts\((\d+),.*$/gm)];
  return wrong.map(([message, line]) => `${files["tables.ts"].split("\n")[Number(line) - 1]}: ${message}`).join("\n");
}
