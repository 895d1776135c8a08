/** The model check, compiled to be fast. */
import { watch } from "../common/command.mjs";
import { ofCargo } from "./tally.mjs";

export async function test() {
  return ofCargo(await watch("cargo", ["test", "--profile", "sim", "--test", "model"]));
}
