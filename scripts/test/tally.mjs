/**
 * How many tests passed and failed, and what the runners say of those that failed: `{ passed, failed, faults }`, read from
 * what they print.
 */

/** The tally before anything has run. */
export const NOTHING = { passed: 0, failed: 0, faults: [] };

/** Reads the output of `cargo test`, and of wasm-bindgen's runner, which prints the same. */
export function ofCargo({ code, output }) {
  const results = [...output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)];
  const failures = output.matchAll(/^failures:\n\n(----[\s\S]*?)\n\ntest result: FAILED/gm);
  const faults = [...failures].flatMap(([, text]) => text.split(/\n+(?=---- )/));
  return checked(code, sum(results, 1), sum(results, 2), faults);
}

/** Reads the output of node:test. A test that is skipped, or still to be written, has not passed. */
export function ofNode({ code, output }) {
  const count = (...names) => sum([...output.matchAll(new RegExp(`ℹ (?:${names.join("|")}) (\\d+)`, "g"))], 1);
  const [, failures] = output.split("✖ failing tests:\n");
  const faults = failures?.trim().split(/\n+(?=test at )/) ?? [];
  return checked(code, count("pass"), count("fail", "cancelled", "skipped", "todo"), faults);
}

/** Says what `fault` there is, and counts it as one. */
export function failure(fault) {
  console.error(`✗ ${fault}`);
  return { passed: 0, failed: 1, faults: [fault] };
}

export function add(...tallies) {
  const total = (key) => tallies.reduce((sum, tally) => sum + tally[key], 0);
  return { passed: total("passed"), failed: total("failed"), faults: tallies.flatMap(({ faults }) => faults) };
}

/** A runner that ends badly without a failed test, or well without any test, has failed itself. */
function checked(code, passed, failed, faults) {
  const fine = code === 0 && passed > 0;
  if (fine || failed > 0) return { passed, failed, faults };
  return { ...failure(`the runner ended with code ${code} after ${passed} tests`), passed };
}

function sum(matches, group) {
  return matches.reduce((total, match) => total + Number(match[group]), 0);
}
