/**
 * Sorts the functions of the module by their code. Functions that begin alike are then beside each other, and compress
 * better. wasm-opt does the sorting, by names, because every call has to be renumbered.
 */
import { customSection, FUNCTION_NAMES, functionNames, leb, readFunctions, readSections } from "./module.mjs";

/** Puts each function's place before its name, so that sorting by name gives the wanted order. */
export function nameInOrder(bytes) {
  const functions = readFunctions(bytes, readSections(bytes));
  const known = functionNames(bytes);
  const codeOf = ({ start, end }) => bytes.subarray(start, end);
  const sorted = [...functions].sort((one, other) => Buffer.compare(codeOf(one), codeOf(other)));
  const places = new Map(
    sorted.map((each, place) => [each, String(place).padStart(String(sorted.length).length, "0")]),
  );
  const names = functions.map((each, number) => [...leb(each.index), ...text(`${places.get(each)} ${known[number]}`)]);
  const map = [...leb(names.length), ...names.flat()];
  const content = Buffer.from([FUNCTION_NAMES, ...leb(map.length), ...map]);
  return Buffer.concat([withoutNames(bytes), customSection("name", content)]);
}

/** The functions' names as they were before `nameInOrder`, in order. */
export function namesInOrder(bytes) {
  return functionNames(bytes).map((name) => name.replace(/^\d+ /, ""));
}

function withoutNames(bytes) {
  const section = readSections(bytes).find(({ name }) => name === "name");
  return section ? Buffer.concat([bytes.subarray(0, section.start), bytes.subarray(section.end)]) : bytes;
}

function text(string) {
  const bytes = Buffer.from(string);
  return [...leb(bytes.length), ...bytes];
}
