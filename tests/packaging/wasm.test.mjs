/** The forms in which an app may give the module, and what is said of those that it may not. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { before, test } from "node:test";

const dist = new URL(
  process.env.TOKENHOLD_DIST ? `file://${process.env.TOKENHOLD_DIST}/` : "../../dist/",
  import.meta.url,
);
const bytes = readFileSync(new URL("tokenhold.wasm", dist));
const wasmType = { headers: { "content-type": "application/wasm" } };

/** The requests to the page's fetch, and its answers: both entries capture it. */
let asked = [];
let answer = () => new Response(bytes, wasmType);

before(() => {
  globalThis.location = { origin: "https://app.example", href: "https://app.example/" };
  globalThis.fetch = async (input) => {
    asked.push(String(input));
    return answer();
  };
});

const forms = {
  "a URL": () => "/assets/tokenhold.wasm",
  "a URL object": () => new URL("https://app.example/assets/tokenhold.wasm"),
  "a Response": () => new Response(bytes, wasmType),
  "a Response of another type": () => new Response(bytes, { headers: { "content-type": "application/octet-stream" } }),
  "a promise of a Response": () => Promise.resolve(new Response(bytes)),
  "a view of bytes": () => bytes,
  "an ArrayBuffer": () => new Uint8Array(bytes).buffer,
  "a compiled module": () => new WebAssembly.Module(bytes),
};

for (const entry of ["index.js", "slim.js"]) {
  for (const [title, form] of Object.entries(forms)) {
    test(`${entry} starts ${title}`, async () => {
      const tokens = await create(await anew(entry), form());
      await tokens.signIn({ access_token: "opaque", expires_in: 300 });
      assert.equal(tokens.status, "signed-in");
      tokens.dispose();
    });
  }
}

test("a URL is fetched once, as it is", async () => {
  asked = [];
  const tokenhold = await anew("slim.js");
  const both = await Promise.all([create(tokenhold, "assets/a.wasm"), create(tokenhold, "assets/a.wasm")]);
  for (const tokens of both) tokens.dispose();
  assert.deepEqual(asked, ["assets/a.wasm"]);
});

test("an answer is compiled while it arrives where its type allows it", async (context) => {
  const streaming = context.mock.method(WebAssembly, "compileStreaming");
  for (const [type, calls] of [
    ["application/wasm", 1],
    ["Application/WASM", 0],
    ["application/wasm; charset=utf-8", 0],
    ["text/plain", 0],
  ]) {
    streaming.mock.resetCalls();
    const tokens = await create(await anew("slim.js"), new Response(bytes, { headers: { "content-type": type } }));
    tokens.dispose();
    assert.equal(streaming.mock.callCount(), calls, type);
  }
});

test("what can be no module is an invalid option", async () => {
  const tokenhold = await anew("index.js");
  for (const wasm of [null, 1, true, {}, [1, 2], () => {}, Symbol("wasm"), new WebAssembly.Memory({ initial: 1 })]) {
    await assert.rejects(create(tokenhold, wasm), {
      code: "invalid-option",
      message: /`wasm` must be a URL, a Response, bytes/,
    });
  }
  const tokens = await create(tokenhold, undefined);
  assert.equal(tokens.status, "signed-out");
  tokens.dispose();
});

test("tokenhold/slim has no module inside, and says that it needs one", async () => {
  const tokenhold = await anew("slim.js");
  await assert.rejects(create(tokenhold, undefined), { code: "invalid-option", message: /`wasm`/ });
  await assert.rejects(tokenhold.createTokenManager(), { code: "invalid-option" });
  assert.ok(statSync(new URL("slim.js", dist)).size < statSync(new URL("index.js", dist)).size - bytes.length);
});

const wrong = {
  "a module of another version": [() => altered(), /not the tokenhold.wasm of this version/],
  "any other module": [() => bytes.subarray(0, 8), /not the tokenhold.wasm of this version/],
  "a page": [
    () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
    /could not be started: .*3c 21 64 6f/,
  ],
  "a URL where nothing is": [() => ((answer = () => new Response("", { status: 404 })), "/a.wasm"), /HTTP status 404/],
  "a URL that cannot be reached": [
    () => ((answer = () => Promise.reject(new TypeError("offline"))), "/a.wasm"),
    /offline/,
  ],
  "a promise of something else": [() => Promise.resolve(5), /could not be started/],
  "an answer that has been read": [async () => read(new Response(bytes, wasmType)), /could not be started/],
};

for (const [title, [form, message]] of Object.entries(wrong)) {
  test(`${title} is wasm-failed, and leaves the way free for the right one`, async () => {
    const tokenhold = await anew("slim.js");
    const error = await create(tokenhold, form()).catch((error) => error);
    assert.equal(error.code, "wasm-failed");
    assert.match(error.message, message);
    assert.ok(error.cause instanceof Error);
    const tokens = await create(tokenhold, bytes);
    assert.equal(tokens.status, "signed-out");
    tokens.dispose();
  });
}

test("all managers share the module that the first one was given", async (context) => {
  const tokenhold = await anew("slim.js");
  const first = await create(tokenhold, bytes);
  const compiling = context.mock.method(WebAssembly, "compile");
  const second = await create(tokenhold, altered());
  await second.signIn({ access_token: "opaque" });
  assert.equal(compiling.mock.callCount(), 0);
  for (const tokens of [first, second]) tokens.dispose();
});

test("an error of one entry is recognised by the other", async () => {
  const [index, slim] = [await anew("index.js"), await anew("slim.js")];
  const error = await create(slim, undefined).catch((error) => error);
  assert.ok(error instanceof slim.TokenholdError && index.isTokenholdError(error));
});

let copies = 0;

/** The entry, as a page finds it that has just been opened. */
function anew(entry) {
  return import(new URL(`${entry}?${copies++}`, dist));
}

function create({ createTokenManager }, wasm) {
  return createTokenManager({ refresh: "https://app.example/refresh", restore: false, wasm });
}

/** The module with another name of the build in it, which comes last. */
function altered() {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] ^= 1;
  return copy;
}

async function read(response) {
  await response.arrayBuffer();
  return response;
}
