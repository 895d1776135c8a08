/** How many tests passed and failed, read from what the runners print. */
/** Reads the output of `cargo test`, and of wasm-bindgen's runner, which prints the same. */
export function ofCargo({ code, output }) {
  const results = [...output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)];
  return checked(code, sum(results, 1), sum(results, 2));
}

/** Reads the output of node:test. A test that is skipped, or still to be written, has not passed. */
export function ofNode({ code, output }) {
  const count = (...names) => sum([...output.matchAll(new RegExp(`ℹ (?:${names.join("|")}) (\\d+)`, "g"))], 1);
  return checked(code, count("pass"), count("fail", "cancelled", "skipped", "todo"));
}

export function add(...tallies) {
  const total = (key) => tallies.reduce((sum, tally) => sum + tally[key], 0);
  return { passed: total("passed"), failed: total("failed") };
}

/** A runner that ends badly without a failed test, or well without any test, has failed itself. */
function checked(code, passed, failed) {
  const fine = code === 0 && passed > 0;
  if (fine || failed > 0) return { passed, failed };
  console.error(`✗ the runner ended with code ${code} after ${passed} tests`);
  return { passed, failed: 1 };
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group]), 0);
}
