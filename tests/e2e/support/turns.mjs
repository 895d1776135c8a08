/** Which of the engines each test runs in. */
import { engines } from "./engines.mjs";

/**
 * Set by `npm test` without parts, for the sake of its time: a test whose subject is not the engine runs in one of them.
 * `npm test -- e2e` and `npm test -- apps` run every test in every engine.
 */
const takesTurns = process.env.TOKENHOLD_TURNS === "1";

/** The next engine's turn, counted over all tests that take turns. */
let turn = 0;

/**
 * Calls `define` for each engine with `(check, engine)`, and returns for each engine a list of the arguments with which
 * it called `check`, of which the first is a test's title.
 *
 * @template {[string, ...unknown[]]} Test
 * @param {(check: (...test: Test) => void, engine: string) => void} define
 * @returns {Map<string, Test[]>}
 */
export function inEveryEngine(define) {
  return new Map(
    engines.map((engine) => {
      const tests = [];
      define((...test) => tests.push(test), engine);
      return [engine, tests];
    }),
  );
}

/**
 * The same, with each test in only one of the engines that `define` declares it for, by turns, unless all is to run
 * everywhere.
 *
 * @template {[string, ...unknown[]]} Test
 * @param {(check: (...test: Test) => void, engine: string) => void} define
 * @returns {Map<string, Test[]>}
 */
export function byTurns(define, turns = takesTurns) {
  const declared = inEveryEngine(define);
  if (!turns) return declared;
  const titles = new Set([...declared.values()].flat().map(([title]) => title));
  const places = new Map([...titles].map((title) => [title, nextOf(enginesOf(title, declared))]));
  return new Map(
    [...declared].map(([engine, tests]) => [engine, tests.filter(([title]) => places.get(title) === engine)]),
  );
}

function enginesOf(title, declared) {
  return engines.filter((engine) => declared.get(engine).some(([each]) => each === title));
}

function nextOf(able) {
  return able[turn++ % able.length];
}
