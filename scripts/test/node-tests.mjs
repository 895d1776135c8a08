/** The tests that node:test runs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { watch } from "../common/command.mjs";
import { root } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { ofNode } from "./tally.mjs";

/** In milliseconds: what hangs should not hang for ever. */
const LIMIT = 30 * 60_000;

/** Runs `*.test.mjs` of `folder`, one file after the other, each for `limit` ms at most, with `env` in the environment. */
export async function testFolder(folder, env, limit) {
  const files = readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".test.mjs"))
    .sort();
  if (files.length === 0) throw new ScriptError(`${folder} has no tests`);
  return testFiles(
    files.map((file) => join(folder, file)),
    { env, limit },
  );
}

/** Runs the files at `paths`, each for `limit` ms at most, with `env` added to the environment. */
export async function testFiles(paths, { env = {}, limit = LIMIT } = {}) {
  const flags = ["--test", "--test-concurrency=1", `--test-timeout=${limit}`, "--test-reporter=spec"];
  return ofNode(await watch(process.execPath, [...flags, ...paths], { env }));
}
