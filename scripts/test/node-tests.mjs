/** The tests that node:test runs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { watch } from "../common/command.mjs";
import { root } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { ofNode } from "./tally.mjs";

/** In milliseconds: what hangs should not hang for ever. */
const LIMIT = 30 * 60_000;

/** Runs `*.test.mjs` of `folder`: see {@link testFiles}. */
export async function testFolder(folder, options) {
  const files = readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".test.mjs"))
    .sort();
  if (files.length === 0) throw new ScriptError(`${folder} has no tests`);
  return testFiles(
    files.map((file) => join(folder, file)),
    options,
  );
}

/** Runs the files at `paths`, so many `atOnce`, each for `limit` ms at most, with `env` added to the environment. */
export async function testFiles(paths, { env = {}, limit = LIMIT, atOnce = 1 } = {}) {
  const flags = ["--test", `--test-concurrency=${atOnce}`, `--test-timeout=${limit}`, "--test-reporter=spec"];
  return ofNode(await watch(process.execPath, [...flags, ...paths], { env }));
}
