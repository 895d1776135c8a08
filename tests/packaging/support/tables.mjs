/** The tables of options and of events, as `docs/options.md` and `docs/events.md` have them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file of this project. */
export function pathOf(file) {
  return fileURLToPath(new URL(`../../../${file}`, import.meta.url));
}

/** The text of a file of this project. */
export function sourceOf(file) {
  return readFileSync(pathOf(file), "utf8");
}

/** Every option: `{ name, owner, key, kind, range }`. `owner` is the interface that has it; `range` its two ends, if any. */
export function options() {
  return rowsOf("docs/options.md", "Option").map(([name, kind, meaning]) => ({
    name,
    kind,
    range: rangeIn(meaning),
    ...placeOf(name),
  }));
}

/** The fields of a logout request that are those of a refresh request, as a sentence of the page says. */
export function ofBothRequests() {
  const [, names] = /`logout` takes (.*?), as `refresh` does/s.exec(sourceOf("docs/options.md"));
  return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name);
}

/** Every event: `{ name, details }`, where each of the details is `{ name, isOptional, type }`. */
export function events() {
  return rowsOf("docs/events.md", "Event").map(([name, details]) => ({ name, details: detailsIn(details) }));
}

/** The cells of all tables of the page whose first column has that title. */
function rowsOf(page, title) {
  const tables = sourceOf(page)
    .split(/\n\n+/)
    .filter((block) => block.startsWith(`| ${title} |`));
  return tables.flatMap((table) => table.trim().split("\n").slice(2).map(cellsOf));
}

function cellsOf(line) {
  const [first, ...others] = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  return [first.replaceAll("`", ""), ...others];
}

/** @type {[RegExp, string][]} */
const owners = [
  [/^refresh\.response\.(\w+)$/, "ResponseShape"],
  [/^refresh\.(\w+)$/, "RefreshOptions"],
  [/^logout\.(\w+)$/, "LogoutOptions"],
  [/^signIn\.(\w+)$/, 'NonNullable<TokenManagerOptions["signIn"]>'],
  [/^(\w+)$/, "TokenManagerOptions"],
];

function placeOf(name) {
  const [pattern, owner] = owners.find(([pattern]) => pattern.test(name));
  return { owner, key: pattern.exec(name)[1] };
}

/** The first "1 to 600,000" in a sentence. */
function rangeIn(sentence) {
  const ends = /([\d,]+) to ([\d,]+)/.exec(sentence)?.slice(1);
  return ends?.map((end) => Number(end.replaceAll(",", "")));
}

/** What is in the column of details: `` `attempt`: integer; `status?`: integer ``. */
function detailsIn(cell) {
  return [...cell.matchAll(/`(\w+)(\??)`: ([^;]+)/g)].map(([, name, mark, type]) => ({
    name,
    isOptional: mark === "?",
    type: type
      .split(/, | or /)
      .map((word) => /^`(.*)`$/.exec(word)?.[1] ?? words[word])
      .join(" | "),
  }));
}

const words = { integer: "number", text: "string", texts: "readonly string[]" };
