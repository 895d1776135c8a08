import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./support/markdown.mjs";

/**
 * By the name in the page: the apps, and what they are built with.
 *
 * @type {Record<string, [name: string, apps: string[]]>}
 */
const bundlers = {
  Vite: ["vite", ["vite", "vite-7", "vite-6"]],
  webpack: ["webpack", ["webpack"]],
  Rollup: ["rollup", ["rollup"]],
  esbuild: ["esbuild", ["esbuild"]],
  Parcel: ["parcel", ["parcel"]],
  "Next.js": ["next", ["next"]],
};

for (const [title, [name, apps]] of Object.entries(bundlers)) {
  test(`docs/bundlers.md says with which versions of ${title} the apps are built`, () => {
    const [, said] = new RegExp(`^\\| ${title} \\| ([^|]+) \\|`, "m").exec(read("docs/bundlers.md"));
    assert.equal(said, apps.map((app) => minor(app, name)).join(", "));
  });
}

function minor(app, name) {
  const { dependencies, devDependencies } = JSON.parse(read(`tests/apps/${app}/package.json`));
  return /^\d+\.\d+/.exec({ ...dependencies, ...devDependencies }[name])[0];
}
