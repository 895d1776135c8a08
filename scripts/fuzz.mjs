/** `npm run fuzz -- TARGET [--seconds N]`: looks for inputs that break what must hold, guided by coverage. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { answer, find, run } from "./common/command.mjs";
import { done, say } from "./common/progress.mjs";
import { root, target } from "./common/project.mjs";
import { main, ScriptError } from "./common/script-error.mjs";
import { setUpCargoFuzz } from "./setup/cargo-tools.mjs";
import { setUpRust } from "./setup/rust.mjs";

await main(async () => {
  const { name, seconds } = wanted(process.argv.slice(2));
  await setUpRust();
  requireNightly();
  requireCxx();
  await setUpCargoFuzz();
  say(`cargo fuzz run ${name}, for ${seconds} seconds`);
  await fuzz(name, seconds);
  done(`${name}: nothing found`);
});

function wanted(args) {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { seconds: { type: "string" } } });
  const targets = readdirSync(join(root, "fuzz", "fuzz_targets")).map((file) => file.replace(/\.rs$/, ""));
  const [name, ...others] = positionals;
  if (!targets.includes(name) || others.length > 0) {
    throw new ScriptError(
      `usage: npm run fuzz -- TARGET [--seconds N], where TARGET is one of ${targets.sort().join(", ")}`,
    );
  }
  const seconds = Number(values.seconds ?? 60);
  if (!(Number.isInteger(seconds) && seconds > 0)) throw new ScriptError("--seconds takes a whole number above 0");
  return { name, seconds };
}

/** libFuzzer's counters take flags that only a nightly compiler has. */
function requireNightly() {
  if (!find("rustup")) throw new ScriptError("missing: rustup, and a nightly Rust by it (https://rustup.rs)");
  if (answer("rustc", ["+nightly", "--version"])) return;
  throw new ScriptError("missing: a nightly Rust. Run this again after: rustup toolchain install nightly");
}

/** libFuzzer itself is C++. */
function requireCxx() {
  if (!find("c++"))
    throw new ScriptError("missing: a C++ compiler. Install it and run this again (on Debian: apt-get install g++)");
}

/** New inputs are kept in the target folder; only what is worth it is copied to `fuzz/corpus` by hand. */
async function fuzz(name, seconds) {
  const found = join(target, "fuzz", name);
  const failed = join(target, "fuzz", "failed", name);
  for (const folder of [found, failed]) mkdirSync(folder, { recursive: true });
  const corpora = [found, join(root, "fuzz", "corpus", name)];
  const options = ["--features", "libfuzzer", "--target-dir", target];
  const limits = [`-max_total_time=${seconds}`, "-timeout=10", "-rss_limit_mb=1024"];
  const output = [`-artifact_prefix=${failed}/`, `-dict=${join(root, "fuzz", "words.dict")}`];
  await run("cargo", ["+nightly", "fuzz", "run", ...options, name, ...corpora, "--", ...limits, ...output]).catch(
    () => {
      throw new ScriptError(
        `${name} has failed. If an input did it, that is in ${failed}: copy it to fuzz/corpus/${name}, and \`npm run test:fuzz\` says more`,
      );
    },
  );
}
