/** The oldest Rust that `Cargo.toml` promises, on what apps in Rust compile: `npm test -- msrv`. */
import { join } from "node:path";
import { run } from "../common/command.mjs";
import { done, say } from "../common/progress.mjs";
import { oldestRust, target } from "../common/project.mjs";
import { setUpToolchain } from "../setup/rust.mjs";

const WASM = "wasm32-unknown-unknown";

export const setUp = () => setUpToolchain(oldestRust(), WASM);

export async function test() {
  const env = { RUSTUP_TOOLCHAIN: oldestRust(), CARGO_TARGET_DIR: join(target, "msrv") };
  for (const flags of [[], ["--target", WASM], ["--target", WASM, "--features", "npm"]]) {
    say(`cargo check, Rust ${oldestRust()}: --lib ${flags.join(" ")}`);
    await run("cargo", ["check", "--locked", "--package", "tokenhold", "--lib", ...flags], { env });
  }
  done(`the library compiles with Rust ${oldestRust()}`);
}
