import assert from "node:assert/strict";
import { test } from "node:test";
import { readLinked } from "../../scripts/build/linked.mjs";
import { linked } from "./support/modules.mjs";

const SOURCE = `
static WORDS: [&str; 2] = ["first-word", "second-word"];
#[inline(never)]
fn length_of(word: &str) -> usize { std::hint::black_box(word).len() }
#[unsafe(no_mangle)]
pub extern "C" fn length(at: usize) -> usize { length_of(WORDS[at & 1]) }
#[unsafe(no_mangle)]
pub extern "C" fn one() -> usize { 1 }
`;

const bytes = linked(SOURCE);
const module = readLinked(bytes);
const { functions, data, references, roots } = module;
const named = (end) => functions.find(({ name }) => name.endsWith(end));
const textOf = ({ start, end }) => bytes.subarray(start, end).toString("latin1");

/** The targets of the references within a function or a piece of data. */
const referredTo = ({ start, end }) => references.filter(({ at }) => start <= at && at < end).map(({ to }) => to);

test("functions have the names that Rust gave them", () => {
  for (const name of ["length", "one", "9length_of"]) assert.ok(named(name), name);
});

test("a call is a reference to the function that is called", () => {
  assert.ok(referredTo(named("length")).includes(named("9length_of")));
  assert.deepEqual(referredTo(named("one")), []);
});

test("what a function reads is a reference to that piece of data, and so are the pointers in it", () => {
  const [words] = referredTo(named("length")).filter((to) => to?.isData);
  const pieces = referredTo(words);
  assert.equal(pieces.length, 2);
  assert.match(textOf(pieces[0]), /first-word/);
  assert.match(textOf(pieces[1]), /second-word/);
  assert.ok(data.includes(words));
});

test("what is exported is a root, what is only called is none", () => {
  assert.ok(roots.includes(named("length")) && roots.includes(named("one")));
  assert.ok(!roots.includes(named("9length_of")));
});
