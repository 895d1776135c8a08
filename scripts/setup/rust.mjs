/** The Rust toolchain: compiler, wasm target, linter, formatter, and the C compiler they need. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { answer, environment, find, read, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { oldestRust, pinnedRust } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { installDebianPackages } from "./debian.mjs";

const WASM = "wasm32-unknown-unknown";

/** The tools for compiling. */
export async function setUpRust() {
  if (!find("cc")) await installDebianPackages(["build-essential"], "a C compiler (cc), to link and to build SQLite");
  await requireCompiler();
  if (!existsSync(join(await sysroot(), "lib", "rustlib", WASM))) {
    await addByRustup(["target", "add", WASM], `Rust's standard library for ${WASM} (Debian: libstd-rust-dev-wasm32)`);
  }
}

/** The tools with which `npm test` checks the sources. */
export async function setUpRustChecks() {
  const programs = { clippy: "cargo-clippy", rustfmt: "cargo-fmt" };
  const folder = join(await sysroot(), "bin");
  const missing = Object.keys(programs).filter((name) => !existsSync(join(folder, programs[name])));
  if (missing.length === 0) return;
  await addByRustup(["component", "add", ...missing], `${missing.join(" and ")} (Debian: rust-clippy, rustfmt)`);
}

/** The toolchain `version`, beside the one that the project uses, with the library for `wasm`. */
export async function setUpToolchain(version, wasm) {
  const folder = answer("rustc", ["--print", "sysroot"], { env: { ...environment(), RUSTUP_TOOLCHAIN: version } });
  if (folder && existsSync(join(folder, "lib", "rustlib", wasm))) return;
  await addByRustup(["toolchain", "install", version, "--profile", "minimal", "--target", wasm], `Rust ${version}`);
}

async function requireCompiler() {
  if (!find("rustc") || !find("cargo"))
    throw new ScriptError("Rust is missing: install it from https://rustup.rs, then run this again");
  if (find("rustup") && !isActiveInstalled()) {
    say("rustup toolchain install");
    await run("rustup", ["toolchain", "install", "--no-self-update"]);
  }
  const [, version] = (await read("rustc", ["--version"])).split(" ");
  if (olderThan(version, oldestRust())) {
    throw new ScriptError(
      `Rust ${version} is too old, ${oldestRust()} or newer is needed: install it from https://rustup.rs`,
    );
  }
  if (version !== pinnedRust())
    say(`this is Rust ${version}: the npm package is made with ${pinnedRust()}, and will differ`);
}

/** Whether rustup has the toolchain of rust-toolchain.toml, or the one that RUSTUP_TOOLCHAIN names instead. */
function isActiveInstalled() {
  return answer("rustc", ["--version"], { env: { ...environment(), RUSTUP_AUTO_INSTALL: "0" } }) !== null;
}

async function sysroot() {
  return (await read("rustc", ["--print", "sysroot"])).trim();
}

async function addByRustup(args, what) {
  if (!find("rustup")) throw new ScriptError(`missing: ${what}. Install it, or use the Rust of https://rustup.rs`);
  say(`rustup ${args.join(" ")}`);
  await run("rustup", args);
}

function olderThan(version, limit) {
  const [[major, minor], [limitMajor, limitMinor]] = [version, limit].map((text) => text.split(".").map(Number));
  return major < limitMajor || (major === limitMajor && minor < limitMinor);
}
