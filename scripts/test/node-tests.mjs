/** The tests that node:test runs; each file has browsers to itself. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { watch } from "../common/command.mjs";
import { root } from "../common/project.mjs";
import { Trouble } from "../common/trouble.mjs";
import { ofNode } from "./tally.mjs";

/** In milliseconds: what hangs should not hang for ever. */
const LIMIT = 10 * 60_000;

/** Runs `*.test.mjs` of `folder`, so many files `atOnce`, with `env` added to the environment. */
export async function testFolder(folder, { env = {}, atOnce = 1 } = {}) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.mjs")).sort();
  if (files.length === 0) throw new Trouble(`${folder} has no tests`);
  const paths = files.map((file) => join(folder, file));
  const flags = ["--test", `--test-concurrency=${atOnce}`, `--test-timeout=${LIMIT}`, "--test-reporter=spec"];
  return ofNode(await watch(process.execPath, [...flags, ...paths], { env }));
}
