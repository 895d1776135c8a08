/** The files that `cargo publish` would send. */
import { answer, listen } from "../common/command.mjs";
import { ScriptError } from "../common/script-error.mjs";

const documents = ["CHANGELOG.md", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "SECURITY.md"];
/** The files that cargo adds. */
const added = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];
/** The npm package's face is no part of it. */
const sources = ["src", ":!src/ts"];

const options = ["package", "--package", "tokenhold", "--offline", "--allow-dirty"];

/** Packs it as well, without compiling it: the tests have done that with the same files. */
export async function crate() {
  const packed = await listen("cargo", [...options, "--no-verify"]);
  if (packed.code !== 0) return { faults: [packed.output.trim()] };
  const paths = lines("cargo", [...options, "--list"]).filter((path) => !added.includes(path));
  const expected = [
    ...documents,
    ...lines("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...sources]),
  ];
  return {
    faults: [
      ...expected.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
      ...paths.filter((path) => !expected.includes(path)).map((path) => `nobody needs ${path}`),
    ],
  };
}

function lines(program, args) {
  const text = answer(program, args);
  if (text === null) throw new ScriptError(`failed: ${[program, ...args].join(" ")}`);
  return text.split("\n");
}
