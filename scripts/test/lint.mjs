/** Format, lints and types of all sources. */
import { join } from "node:path";
import { run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root, target } from "../common/project.mjs";
import { tsc } from "../build/types.mjs";
import { setUpRustChecks } from "../setup/rust.mjs";
import { add, failure, NOTHING } from "./tally.mjs";
import { CRATES } from "./web.mjs";

export const setUp = setUpRustChecks;
export const needsPackage = true;

const wasm = ["--package", "tokenhold", "--target", "wasm32-unknown-unknown"];
const npm = ["--features", "npm"];
const fuzz = ["--manifest-path", "fuzz/Cargo.toml"];
const example = ["--manifest-path", "examples/yew/Cargo.toml"];
const strict = ["--", "-D", "warnings"];

const checks = {
  "cargo fmt --check": () => run("cargo", ["fmt", "--all", "--check"]),
  "cargo fmt --check, fuzz": () => run("cargo", ["fmt", ...fuzz, "--check"]),
  "cargo fmt --check, example": () => run("cargo", ["fmt", ...example, "--check"]),
  "cargo clippy, native": () => run("cargo", ["clippy", "--workspace", "--all-targets", ...strict]),
  "cargo clippy, fuzz": () => run("cargo", ["clippy", ...fuzz, "--target-dir", target, "--all-targets", ...strict]),
  "cargo clippy, wasm32, for apps in Rust": () => run("cargo", ["clippy", ...wasm, "--lib", ...strict]),
  "cargo clippy, wasm32, for npm": () => run("cargo", ["clippy", ...wasm, "--lib", ...webTargets(), ...npm, ...strict]),
  "biome format": () => biome("format"),
  "biome lint": () => biome("lint", "--error-on-warnings"),
  "tsc, src/ts": () => tsc("--project", ".", "--noEmit"),
  "tsc, all JavaScript": () => tsc("--project", "tsconfig.scripts.json"),
  "tsc, src/web/*.js": () => tsc("--project", "tsconfig.browser.json"),
};

/** Makes every check, whatever the others find. */
export async function test() {
  let total = NOTHING;
  for (const [name, check] of Object.entries(checks)) {
    say(name);
    await check().catch((error) => {
      total = add(total, failure(`${name}: ${error.message}`));
    });
  }
  return total;
}

/** Checks all JavaScript, TypeScript, CSS and JSON. */
function biome(...args) {
  return run(process.execPath, [join(root, "node_modules", "@biomejs", "biome", "bin", "biome"), ...args]);
}

function webTargets() {
  return CRATES.flatMap((name) => ["--test", name]);
}
