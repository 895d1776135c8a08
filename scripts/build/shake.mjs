/**
 * Takes out of the linked module what makes error messages that nobody ever sees, and then whatever nothing refers to
 * any more.
 *
 * Rust's standard library writes a message before it panics. Nobody sees it: a panic is told by `panicked` in
 * `src/web/bindings.rs`. But the compiler cannot know that, and what prints numbers and quotes strings, with its tables, is
 * more than a quarter of all that a page would download. A nightly compiler has switches for it; this does the same to what
 * a stable one has made.
 */
import { say } from "../common/progress.mjs";
import { ScriptError } from "../common/script-error.mjs";
import { readLinked } from "./linked.mjs";
import { CODE, leb, Reader } from "./module.mjs";

/** An implementation of `Display`, `Debug` and the like, mangled in the new way or in the old, and what calls those. */
const FORMATS =
  /(?:3fmt|4core3fmt5write|3fmt5Write\d+write_(?:str|char|fmt)|9Formatter\d+[a-z_]+)(?:17h[0-9a-f]{16}E|B\w*_|Cs\w+)?$/;

/** How the standard library begins to panic: `panic_fmt`, `unwrap_failed`, `slice_index_fail`, `handle_alloc_error` ... */
const PANICS =
  /(?:4core|5alloc|3std)\w*?\d(?:panic(?:_[a-z_]+)?|[a-z_]+_fail(?:ed)?(?:_inner|_rt)?|handle_(?:alloc_)?error|capacity_overflow)(?:[a-z]+E\w*)?$/;

/** What tells the face of a panic. */
const PANICKED = /^_ZN9tokenhold3web8bindings8panicked17h[0-9a-f]{16}E$/;

/** Where the standard library would keep the hook that it does not call any more. */
const SETS_HOOK = /3std9panicking8set_hook$/;

/** What js-sys exports for tasks that a promise may suspend. There are none. */
const SUSPENDS = /^__wbg_jspi_task_poll$/;

/** What the new bodies call. */
const KEPT = [PANICKED];

const LOCATION_SIZE = 16;
const I32 = 0x7f;
/** Bodies of functions, without local variables: `Ok(())` and nothing written; nothing at all; a trap. */
const [END, CALL, CONSTANT] = [0x0b, 0x10, 0x41];
const WRITES_NOTHING = [0, 0x41, 0, END];
const DOES_NOTHING = [0, END];
const UNREACHABLE = [0, 0x00, END];

/**
 * The module without all that; or whole, where a compiler has named things in another way: heavier, but not wrong. It
 * must have been linked with `--emit-relocs`.
 */
export function shake(bytes) {
  const module = readLinked(bytes);
  try {
    return shaken(module, bytes);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(`not shaken, and therefore heavier: ${error.message}`);
    return rewrite(bytes, module, new Map());
  }
}

function shaken(module, bytes) {
  const bodies = replaceBodies(module.functions);
  const live = reach(withoutMessages(withoutPlaces(module, bytes), bytes, bodies), bodies);
  for (const { index } of module.functions.filter((each) => !live.has(each))) bodies.set(index, UNREACHABLE);
  return rewrite(clearData(bytes, module.data, live), module, bodies);
}

/** The bodies that some functions are given instead of their own. */
function replaceBodies(functions) {
  const tell = call(the(functions, PANICKED));
  return new Map([
    ...replace(functions, FORMATS, [I32], WRITES_NOTHING, 10),
    ...replace(functions, PANICS, [], [0, ...tell, ...UNREACHABLE.slice(1)], 10),
    ...replace(functions, SETS_HOOK, [], DOES_NOTHING, 0),
    ...replace(functions, SUSPENDS, [], UNREACHABLE, 0),
  ]);
}

/** The one function of that name. */
function the(functions, pattern) {
  const [found, ...others] = functions.filter(({ name }) => pattern.test(name));
  if (!found || others.length > 0) throw new ScriptError(`there is not one function ${pattern}`);
  return found;
}

function call({ index }) {
  return [CALL, ...leb(index)];
}

/** Expects at least so many of them: another compiler may name them differently, and that must be noticed. */
function replace(functions, pattern, results, body, atLeast) {
  const found = functions.filter(({ name, ...own }) => pattern.test(name) && String(own.results) === String(results));
  if (found.length < atLeast) throw new ScriptError(`only ${found.length} functions match ${pattern}`);
  return found.map(({ index }) => [index, body]);
}

/**
 * Every panic says where in the source it is (`core::panic::Location`: a file's name, a line, a column). Who panics is
 * given that, but does not look at it any more.
 */
function withoutPlaces({ data, references, ...module }, bytes) {
  const text = ({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString("latin1");
  const files = new Set(data.filter((piece) => /\.rs\0?$/.test(text(piece))));
  const named = references.filter(({ to }) => files.has(to)).map(({ at }) => at);
  const isPlace = ({ start, end }) => end - start === LOCATION_SIZE && named.includes(start);
  const places = new Set(data.filter(isPlace));
  return { ...module, data, references: references.filter(({ to }) => !places.has(to)) };
}

/** What a function is given that has another body now is not looked at: the constants before a call to it. */
function withoutMessages({ references, ...module }, bytes, bodies) {
  const isUnread = ({ at }) => {
    const reader = new Reader(bytes, at);
    let operation;
    do reader.number();
    while ((operation = reader.byte()) === CONSTANT);
    return operation === CALL && bodies.has(reader.number());
  };
  const [first, last] = [module.functions[0], module.functions.at(-1)];
  const isMessage = ({ at, to }) => to?.isData && first.start <= at && at < last.end && isUnread({ at });
  return { ...module, references: references.filter((each) => !isMessage(each)) };
}

/** All functions and pieces of data that can be got at from outside. */
function reach({ functions, data, references, roots }, bodies) {
  const places = [...functions, ...data]
    .map((place) => ({ place, to: [] }))
    .sort((a, b) => a.place.start - b.place.start);
  const fromNowhere = [];
  for (const { at, to } of references) {
    const from = places.filter(({ place }) => place.start <= at && at < place.end);
    if (from.length === 0) fromNowhere.push(to);
    for (const each of from) each.to.push(to);
  }
  const targets = new Map(places.map(({ place, to }) => [place, bodies.has(place.index) ? [] : to]));
  const live = new Set();
  const toVisit = [
    ...roots,
    ...fromNowhere,
    ...functions.filter(({ name }) => KEPT.some((pattern) => pattern.test(name))),
  ];
  while (toVisit.length > 0) {
    const place = toVisit.pop();
    if (!place || live.has(place)) continue;
    live.add(place);
    toVisit.push(...targets.get(place));
  }
  return live;
}

/** Zeros compress to nothing, and wasm-opt leaves them out. */
function clearData(bytes, data, live) {
  const cleared = Uint8Array.from(bytes);
  for (const { start, end } of data.filter((piece) => !live.has(piece))) cleared.fill(0, start, end);
  // Pieces may overlap.
  for (const { start, end } of data.filter((piece) => live.has(piece))) cleared.set(bytes.subarray(start, end), start);
  return cleared;
}

function rewrite(bytes, { sections, functions }, bodies) {
  const parts = [bytes.subarray(0, 8)];
  for (const { id, name, start, end } of sections) {
    if (id === CODE) parts.push(codeSection(bytes, functions, bodies));
    else if (name === "target_features") parts.push(withoutReferenceTypes(bytes.subarray(start, end)));
    else if (name !== "linking" && !name?.startsWith("reloc.")) parts.push(bytes.subarray(start, end));
  }
  return Buffer.concat(parts);
}

/**
 * The standard library is compiled for reference types, the crate is not: holding JavaScript's values in a table of the
 * module's own costs more code than holding them in an array outside. wasm-bindgen goes by what this section says.
 */
function withoutReferenceTypes(section) {
  const changed = Buffer.from(section);
  const at = changed.indexOf("reference-types");
  if (at >= 0) changed[at - 2] = "-".charCodeAt(0);
  return changed;
}

function codeSection(bytes, functions, bodies) {
  const all = functions.map(({ index, start, end }) => {
    const body = bodies.get(index) ?? bytes.subarray(start, end);
    return Buffer.from([...leb(body.length), ...body]);
  });
  const content = Buffer.concat([Buffer.from(leb(functions.length)), ...all]);
  return Buffer.concat([Buffer.from([CODE, ...leb(content.length)]), content]);
}
