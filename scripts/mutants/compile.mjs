/** Makes one program of the tests and all mutants that compile. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { environment } from "../common/command.mjs";
import { target } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { original, put, tree } from "./tree.mjs";
import { CHOOSER, weave } from "./weave.mjs";

/** The files that have mutants in them. */
let woven = new Set();

/** Leaves out what does not compile, until the rest does. */
export async function compile(tests, mutants) {
  for (let viable = mutants; viable.length > 0; ) {
    const owners = putInto(viable);
    const { program, errors } = await build(tests);
    if (program) return { program, viable };
    const bad = new Set(errors.map((error) => ownerOf(error, owners)));
    viable = viable.filter((mutant) => !bad.has(mutant));
  }
  return { program: null, viable: [] };
}

/** Writes the mutants into the copy, and takes out those of before. */
function putInto(mutants) {
  const files = new Set(mutants.map((mutant) => mutant.file));
  const owners = new Map();
  for (const file of new Set([...woven, ...files, CHOOSER.file])) {
    const { text, owners: lines } = weave(
      original(file),
      mutants.filter((mutant) => mutant.file === file),
    );
    owners.set(file, lines);
    put(file, file === CHOOSER.file ? text + CHOOSER.text : text);
  }
  woven = files;
  return owners;
}

async function build(tests) {
  const args = ["test", "--package", "tokenhold", "--no-run", "--message-format", "json", ...tests.args];
  const env = { ...environment(), CARGO_TARGET_DIR: join(target, "mutants", "built"), RUSTFLAGS: "-Awarnings" };
  const child = spawn("cargo", args, { cwd: tree, env, stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  for await (const part of child.stdout.setEncoding("utf8")) output += part;
  const messages = output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const built = messages.findLast((message) => message.reason === "compiler-artifact" && message.profile.test);
  const succeeded = messages.some((message) => message.reason === "build-finished" && message.success);
  const errors = messages.filter(isError).map((message) => message.message);
  if (!succeeded && errors.length === 0) throw new ScriptError(`cannot be built: cargo ${args.join(" ")}`);
  return { program: succeeded ? built.executable : null, errors };
}

function isError({ reason, message }) {
  return reason === "compiler-message" && message.level === "error" && message.spans.length > 0;
}

function ownerOf({ spans, rendered }, owners) {
  for (const { file_name: file, line_start: line, is_primary: isPrimary } of spans) {
    const owner = owners.get(file)?.find(({ first, last }) => first <= line && line <= last);
    if (isPrimary && owner) return owner.mutant;
  }
  throw new ScriptError(`no mutant's fault:\n${rendered}`);
}
