/** The model check, with its larger stories, compiled to be fast. */
import { watch } from "../common/command.mjs";
import { ofCargo } from "./tally.mjs";

export async function test() {
  const args = ["test", "--profile", "sim", "--test", "model", "--", "--include-ignored"];
  return ofCargo(await watch("cargo", args));
}
