/**
 * Removes the code that writes messages which nobody ever sees from the linked module, and then all code and data to
 * which nothing refers any more.
 *
 * Rust's standard library writes a message before it panics, and serde-wasm-bindgen one for everything that it refuses.
 * The package shows neither: `panicked` in `src/web/bindings.rs` tells the face of a panic, and a refused value is an
 * invalid option, whose message is the crate's own. The compiler cannot know that. The code that prints numbers and
 * quotes strings, with its tables, is a third of what a page would download. A nightly compiler has switches that leave
 * it out; this does the same to a stable compiler's module.
 */
import { ScriptError } from "../common/script-error.mjs";
import { readLinked } from "./linked.mjs";
import { messages, TRAPS } from "./messages.mjs";
import { CODE, HEADER, leb } from "./module.mjs";

const LOCATION_SIZE = 16;

/** The module without the code that only `replaced` functions need. It must have been linked with `--emit-relocs`. */
export function shake(bytes, replaced = messages) {
  const module = readLinked(bytes);
  const bodies = new Map(replaced.flatMap((each) => replace(module.functions, each)));
  const live = reach(withoutPlaces(module, bytes), bodies);
  for (const { index } of module.functions.filter((each) => !live.has(each))) bodies.set(index, TRAPS);
  return rewrite(clearData(bytes, module.data, live), module, bodies);
}

/** The whole module, without the linker's notes for `shake`. */
export function unlink(bytes) {
  return rewrite(bytes, readLinked(bytes), new Map());
}

/** The functions that match, by index, with their new bodies. Another compiler may name them differently. */
function replace(functions, { pattern, results, body }) {
  const found = functions.filter(({ name, ...own }) => pattern.test(name) && String(own.results) === String(results));
  if (found.length === 0) {
    throw new ScriptError(`no function of the module matches ${pattern}, see scripts/build/messages.mjs`);
  }
  return found.map((each) => [each.index, body(functions, each)]);
}

/**
 * Every panic passes its place in the source (`core::panic::Location`: a file's name, a line, a column) to the function
 * that panics. The new body of that function does not look at it.
 */
function withoutPlaces(module, bytes) {
  const { data, references } = module;
  const text = ({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString("latin1");
  const files = new Set(data.filter((piece) => /\.rs\0?$/.test(text(piece))));
  const named = new Set(references.filter(({ to }) => files.has(to)).map(({ at }) => at));
  const places = new Set(data.filter(({ start, end }) => end - start === LOCATION_SIZE && named.has(start)));
  return { ...module, references: references.filter(({ to }) => !places.has(to)) };
}

/** All functions and pieces of data that can be reached from outside. */
function reach({ functions, data, references, roots }, bodies) {
  const places = [...functions, ...data].map((place) => ({ place, to: [] }));
  const fromNowhere = [];
  for (const { at, to } of references) {
    const from = places.filter(({ place }) => place.start <= at && at < place.end);
    if (from.length === 0) fromNowhere.push(to);
    for (const each of from) each.to.push(to);
  }
  const targets = new Map(places.map(({ place, to }) => [place, bodies.get(place.index)?.calls ?? to]));
  const live = new Set();
  const toVisit = [...roots, ...fromNowhere];
  while (toVisit.length > 0) {
    const place = toVisit.pop();
    if (!place || live.has(place)) continue;
    live.add(place);
    toVisit.push(...targets.get(place));
  }
  return live;
}

/** Fills the unused data with zeros, which wasm-opt leaves out. */
function clearData(bytes, data, live) {
  const cleared = Uint8Array.from(bytes);
  for (const { start, end } of data.filter((piece) => !live.has(piece))) cleared.fill(0, start, end);
  // Pieces may overlap.
  for (const { start, end } of data.filter((piece) => live.has(piece))) cleared.set(bytes.subarray(start, end), start);
  return cleared;
}

function rewrite(bytes, { sections, functions }, bodies) {
  const parts = [bytes.subarray(0, HEADER)];
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
    const code = bodies.get(index)?.code ?? bytes.subarray(start, end);
    return Buffer.from([...leb(code.length), ...code]);
  });
  const content = Buffer.concat([Buffer.from(leb(functions.length)), ...all]);
  return Buffer.concat([Buffer.from([CODE, ...leb(content.length)]), content]);
}
