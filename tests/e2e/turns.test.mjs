import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engines } from "./support/engines.mjs";
import { byTurns } from "./support/turns.mjs";

const TITLES = Array.from({ length: 3 * engines.length }, (_, at) => `test ${at}`);

function declareAll(check) {
  for (const title of TITLES) check(title);
}

/** In how many engines each title is. */
function placesOf(tests) {
  const titles = [...tests.values()].flat().map(([title]) => title);
  return TITLES.map((title) => titles.filter((each) => each === title).length);
}

describe("tests that take turns", () => {
  test("each runs in one engine, and each engine gets as many", () => {
    const tests = byTurns(declareAll, true);
    assert.deepEqual(
      placesOf(tests),
      TITLES.map(() => 1),
    );
    assert.deepEqual(
      [...tests.values()].map((each) => each.length),
      engines.map(() => 3),
    );
  });

  test("one that only some engines can run is in one of those", () => {
    const [able] = engines;
    const tests = byTurns((check, engine) => engine === able && declareAll(check), true);
    assert.deepEqual(
      tests.get(able),
      TITLES.map((title) => [title]),
    );
  });

  test("all run in every engine where they are asked for by name", () => {
    const tests = byTurns(declareAll, false);
    assert.deepEqual(
      placesOf(tests),
      TITLES.map(() => engines.length),
    );
  });
});
