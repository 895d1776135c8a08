/** Packages of the operating system: installed where that can be done without asking, named elsewhere. */
import { readFileSync } from "node:fs";
import { answer, find, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { ScriptError } from "../common/script-error.mjs";

/** Installs `packages`, which bring `what`; where it cannot, says which ones to install. */
export async function installDebianPackages(packages, what) {
  const command = `apt-get install ${packages.join(" ")}`;
  if (!isDebian()) throw new ScriptError(`missing: ${what}. Install it and run this again (on Debian: ${command})`);
  const prefix = superuser();
  if (!prefix) throw new ScriptError(`missing: ${what}. Run this again after: sudo ${command}`);
  say(`${command}: installing ${what}`);
  await apt(prefix, ["update", "-q"]);
  await apt(prefix, ["install", "-q", "-y", "--no-install-recommends", ...packages]);
}

function apt(prefix, args) {
  const [program, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  return run(program, rest);
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8")) && find("apt-get") !== null;
  } catch {
    return false;
  }
}

/** The command line that makes a command run as root, or null where that would need a password. */
function superuser() {
  if (process.getuid() === 0) return [];
  return find("sudo") && answer("sudo", ["-n", "true"]) !== null ? ["sudo", "-n"] : null;
}
