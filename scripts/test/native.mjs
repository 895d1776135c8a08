/** The tests that need no browser: the core, its simulations, and the backend. */
import { watch } from "../common/command.mjs";
import { ofCargo } from "./tally.mjs";

export async function test() {
  return ofCargo(await watch("cargo", ["test", "--workspace", "--no-fail-fast"]));
}
