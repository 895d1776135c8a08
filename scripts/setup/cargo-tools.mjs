/** Programs that cargo installs: each in a folder of its own per version, shared by all checkouts. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { answer, find, prefer, run } from "../common/command.mjs";
import { say, stopwatch } from "../common/progress.mjs";
import { lockedVersion } from "../common/project.mjs";

const tools = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tokenhold", "tools");

/** The wasm-bindgen CLI must be of the very version that the crate is locked to. */
export function setUpWasmBindgen() {
  return setUpTool("wasm-bindgen-cli", lockedVersion("wasm-bindgen"), "wasm-bindgen");
}

export function setUpWasmPack() {
  return setUpTool("wasm-pack", "0.15.1");
}

/** WebDriver for Firefox, which Debian does not package. */
export function setUpGeckodriver() {
  return setUpTool("geckodriver", "0.37.1");
}

export function setUpCargoFuzz() {
  return setUpTool("cargo-fuzz", "0.13.2");
}

export function setUpCargoMutants() {
  return setUpTool("cargo-mutants", "27.1.0");
}

async function setUpTool(crate, version, program = crate) {
  const folder = join(tools, `${crate}-${version}`);
  if (!existsSync(join(folder, "bin", program))) {
    if (versionOnPath(program) === version) return;
    await install(crate, version, folder);
  }
  prefer(join(folder, "bin"));
}

function versionOnPath(program) {
  return find(program) && answer(program, ["--version"])?.split(/\s+/)[1];
}

async function install(crate, version, folder) {
  const time = stopwatch();
  say(`cargo install ${crate}@${version}: compiling it once, for some minutes`);
  const args = ["install", `${crate}@${version}`, "--root", folder, "--force", "--quiet"];
  try {
    await run("cargo", [...args, "--locked"]);
  } catch {
    say("its own lockfile cannot be met here: again, with the newest compatible dependencies");
    await run("cargo", args);
  }
  say(`${crate} ${version} installed in ${time()}`);
}
