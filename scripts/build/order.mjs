/**
 * The order of the functions in the module: each after the one it is most like. Compressors say "as before" in fewer
 * bits the nearer that is: 1.5 % less to download.
 */
import { CUSTOM, FUNCTION_NAMES, leb, readFunctions, readNames, readSections } from "./module.mjs";

/** So many bytes in a row, in both of two functions, make them alike. */
const RUN = 3;
/** More of the same do not make them more so. */
const MOST = 3;
/** The module's magic number and version. */
const HEADER = 8;

/** The module with its functions named so that they are in order when sorted by name: by their place, then as before. */
export function nameInOrder(bytes) {
  const sections = readSections(bytes);
  const functions = readFunctions(bytes, sections);
  const bodies = functions.map(({ start, end }) => bytes.subarray(start, end));
  const places = [];
  chain(bodies).forEach((number, place) => (places[number] = place));
  const width = String(functions.length).length;
  const known = readNames(bytes, sections);
  const nameOf = (index, number) => `${String(places[number]).padStart(width, "0")} ${known.get(index) ?? ""}`;
  const names = functions.map(({ index }, number) => [...leb(index), ...text(nameOf(index, number))]);
  const map = [...leb(names.length), ...names.flat()];
  const content = [...text("name"), FUNCTION_NAMES, ...leb(map.length), ...map];
  return Buffer.concat([
    without(bytes, sections, ({ name }) => name === "name"),
    Buffer.from([CUSTOM, ...leb(content.length), ...content]),
  ]);
}

/** The functions' names that there were before `nameInOrder`, in order. */
export function namesInOrder(bytes) {
  const sections = readSections(bytes);
  const names = readNames(bytes, sections);
  return readFunctions(bytes, sections).map(({ index }) => names.get(index).replace(/^\d+ /, ""));
}

/** The module without its custom sections: names, and what tools leave for each other. */
export function bare(bytes) {
  return without(bytes, readSections(bytes), ({ id }) => id === CUSTOM);
}

function without(bytes, sections, isLeftOut) {
  const kept = sections.filter((section) => !isLeftOut(section)).map(({ start, end }) => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, HEADER), ...kept]);
}

/** The numbers of the bodies, from the first one on to the most like it that is left, and so on. */
function chain(bodies) {
  const profiles = bodies.map(profile);
  const rarity = rarities(profiles);
  const lengths = profiles.map((own) => Math.sqrt(likeness(own, own, rarity)) || 1);
  const left = new Set(bodies.keys());
  const order = [];
  for (let number = 0; number !== undefined; number = next(number)) {
    left.delete(number);
    order.push(number);
  }
  return order;

  function next(current) {
    let [found, most] = [undefined, -1];
    for (const other of left) {
      const alike = likeness(profiles[current], profiles[other], rarity) / lengths[other];
      if (alike > most) [found, most] = [other, alike];
    }
    return found;
  }
}

/** How often each run of bytes is in the body. */
function profile(body) {
  const counts = new Map();
  for (let at = 0; at + RUN <= body.length; at++) {
    const run = body.readUIntLE(at, RUN);
    counts.set(run, Math.min((counts.get(run) ?? 0) + 1, MOST));
  }
  return counts;
}

/** What is in few functions says more of them than what is in all. */
function rarities(profiles) {
  const found = new Map();
  for (const own of profiles) for (const run of own.keys()) found.set(run, (found.get(run) ?? 0) + 1);
  return new Map([...found].map(([run, times]) => [run, Math.log(profiles.length / times) ** 2]));
}

function likeness(one, other, rarity) {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let sum = 0;
  for (const [run, times] of small) sum += Math.min(times, large.get(run) ?? 0) * rarity.get(run);
  return sum;
}

function text(string) {
  const bytes = Buffer.from(string);
  return [...leb(bytes.length), ...bytes];
}
