/** The random schedules of `tests/sim`, compiled to be fast. */
import { watch } from "../common/command.mjs";

/** `env` sets how many, for how long, and from which seed on: see `tests/sim/schedules/mod.rs`. */
export function simulate(env) {
  const test = "schedules::every_schedule_keeps_the_invariants_and_ends_well";
  const args = ["test", "--profile", "sim", "--test", "sim", test, "--", "--exact", "--nocapture"];
  return watch("cargo", args, { env });
}
