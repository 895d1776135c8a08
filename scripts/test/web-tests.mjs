/** The tests that run inside browsers: `tests/web_*.rs`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/project.mjs";

/** The name of each such file, as cargo calls it, and the number of tests in it. */
export function webTests() {
  const folder = join(root, "tests");
  const files = readdirSync(folder)
    .filter((file) => /^web_.*\.rs$/.test(file))
    .sort();
  return files.map((file) => ({ name: file.replace(/\.rs$/, ""), count: countTests(join(folder, file)) }));
}

function countTests(file) {
  return readFileSync(file, "utf8").match(/^\s*#\[wasm_bindgen_test\b/gm)?.length ?? 0;
}
