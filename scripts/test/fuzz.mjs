/** A short run of all fuzz targets, the same one every time: the stored corpus and mutations of it. */
import { watch } from "../common/command.mjs";
import { target } from "../common/project.mjs";
import { ofCargo } from "./tally.mjs";

export async function test() {
  const where = ["--manifest-path", "fuzz/Cargo.toml", "--target-dir", target];
  return ofCargo(await watch("cargo", ["test", "--locked", "--no-fail-fast", ...where]));
}
