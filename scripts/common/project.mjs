/** Where things are in this project, and the versions it pins. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ScriptError } from "./script-error.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The npm package, as it is shipped. */
export const dist = join(root, "dist");

/** Cargo's output folder. */
export const target = resolve(root, process.env.CARGO_TARGET_DIR || "target");

/** The intermediate output of `npm run build`. Fixed, because tsconfig.json names it. */
export const workshop = join(root, "target", "npm");

/** Where the tests with real tabs note what came of each fault. */
export const faults = join(root, "target", "faults");

/** The version of `crate` that Cargo.lock pins. */
export function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const entry = new RegExp(`^name = "${crate}"\\nversion = "(.+)"$`, "m").exec(lock);
  if (!entry) throw new ScriptError(`Cargo.lock has no ${crate}`);
  return entry[1];
}

/** The oldest Rust that Cargo.toml allows, as in `1.89`. */
export function oldestRust() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const [, version] = /^rust-version = "(.+)"$/m.exec(manifest) ?? [];
  if (!version) throw new ScriptError("Cargo.toml names no rust-version");
  return version;
}

/** The Rust that the npm package is made with, as in `1.95.0`. */
export function pinnedRust() {
  const [, version] = /^channel = "(.+)"$/m.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"));
  return version;
}
