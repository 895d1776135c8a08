/** `toml`: the dependencies of a Cargo.toml, each in a version that Cargo.lock can stand for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../markdown.mjs";

const lock = readFileSync(join(root, "Cargo.lock"), "utf8");

export function cargoToml(code) {
  const lines = code.split("\n").filter((line) => line && !/^\s*(?:#|\[)/.test(line));
  return lines.flatMap((line) => {
    const [, name, rest] = /^([\w-]+) = (.+)$/.exec(line) ?? [];
    if (!name) return [`no dependency: ${line}`];
    const [, wanted] = /(?:^|version = )"=?([\d.]+)"/.exec(rest) ?? [];
    const locked = [...lock.matchAll(new RegExp(`^name = "${name}"\\nversion = "(.+)"$`, "gm"))].map(
      ([, version]) => version,
    );
    return locked.some((version) => !wanted || `${version}.`.startsWith(`${wanted}.`))
      ? []
      : [`Cargo.lock has no ${name} ${wanted}`];
  });
}

/** The text of a block's `[dependencies]`. */
export function dependenciesOf(code) {
  return code.slice(code.indexOf("[dependencies]"));
}
