/** Finds out whether a build would make `dist/` as it is now. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer } from "../common/command.mjs";
import { dist, root, workshop } from "../common/project.mjs";

const stamp = join(workshop, "stamp");

const sources = [
  ".cargo",
  "Cargo.lock",
  "Cargo.toml",
  "package-lock.json",
  "rust-toolchain.toml",
  "scripts/build",
  "src",
  "tsconfig.json",
];

export function isFresh() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === state();
}

export function markFresh() {
  writeFileSync(stamp, state());
}

/** A hash of all inputs and outputs of the build, so that neither can change unnoticed. */
function state() {
  const inputs = sources.map((name) => join(root, name)).flatMap(files);
  const environment = [answer("rustc", ["--version"]), process.env.RUSTFLAGS ?? "", process.version];
  const hash = createHash("sha256").update(environment.join("\n"));
  for (const file of [...inputs, ...files(dist), ...products()]) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function products() {
  return files(workshop).filter((file) => file !== stamp);
}

/** All files at or below `path`, in a fixed order; none if there is nothing. */
function files(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)));
}
