/** Apps in Rust: what cargo makes of a folder of `examples`, which uses the crate and not the package. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../scripts/common/command.mjs";
import { root } from "../../../scripts/common/project.mjs";

const TARGET = "wasm32-unknown-unknown";
/** One for all, and not the crate's own: another framework would have it compiled anew each time. */
const workshop = join(root, "target", "examples");

/** Compiles `examples/NAME`, and returns the folder with all that a page of it needs. */
export async function compile(name) {
  const folder = join(root, "examples", name);
  const made = join(root, "target", "apps", name);
  const args = ["build", "--locked", "--release", "--target", TARGET, "--target-dir", workshop];
  await run("cargo", [...args, "--manifest-path", join(folder, "Cargo.toml")]);
  rmSync(made, { recursive: true, force: true });
  cpSync(join(folder, "www"), made, { recursive: true });
  const wasm = join(workshop, TARGET, "release", `tokenhold-${name}.wasm`);
  await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", made, "--out-name", "app", wasm]);
  return made;
}
