/** The measurements, as tables in Markdown. */
import { ANOTHER } from "./bundles.mjs";
import { ratio, summary } from "./statistics.mjs";

/** The base of the ratios, which therefore comes first. */
const BASE = "bare fetch";

const phases = ["load", "start", "restore", "request"];

/** From the script's start to a library that runs, and from there to the first authenticated answer. */
const stretches = {
  "script to library": ({ start }) => start,
  "library to answer": ({ restore, request }) => restore + request,
};

/** `figures`: `{ sizes, engines }`, where `engines` has what `measure` returned, by name. */
export function report({ sizes, engines }) {
  const parts = Object.entries(engines).flatMap(([engine, figures]) =>
    sections(`${engine} ${figures.version}`, figures),
  );
  return [section("What a page downloads, in bytes", sizeTable(sizes)), ...parts].join("\n\n");
}

function sections(engine, figures) {
  const { start, requests, storm, tabs } = figures;
  return [
    ...Object.entries(start).flatMap(([kind, told]) => [
      section(`${engine}: a page load, ${kind} (ms)`, startTable(told)),
      section(`${engine}: a page load, ${kind}: tokenhold's time as a multiple of the others'`, stretchTable(told)),
    ]),
    ...Object.entries(requests).map(([kind, times]) =>
      section(`${engine}: requests, ${kind} (ms for each)`, requestTable(times)),
    ),
    section(`${engine}: many callers, one refresh (ms from its answer to the last of theirs)`, stormTable(storm)),
    section(`${engine}: many tabs, one expiry, one request in each`, tabsTable(tabs)),
    ...(ANOTHER in storm
      ? [section(`${engine}: tokenhold's time as a multiple of ${ANOTHER}'s`, changeTable(figures))]
      : []),
  ];
}

function section(title, table) {
  return `### ${title}\n\n${table}`;
}

function sizeTable(sizes) {
  return table(
    ["", "minified", "brotli"],
    Object.entries(sizes).map(([name, { raw, br }]) => [name, raw, br]),
  );
}

function startTable(told) {
  const whole = "script to answer";
  const head = ["", ...phases, whole, "ratio", "page to answer", "ratio"];
  const rows = ordered(told).map(([name, loads]) => {
    const times = (phase, of = loads) => of.map((load) => load[phase]);
    const against = (phase) => multiple(ratio(times(phase), times(phase, told[BASE])));
    const medians = phases.map((phase) => ms(summary(times(phase)).median));
    const both = [whole, "page to answer"].flatMap((phase) => [spread(summary(times(phase))), against(phase)]);
    return [name, ...medians, ...both];
  });
  return table(head, rows);
}

/** Without a bare fetch, which has no library to wait for. */
function stretchTable({ tokenhold, [BASE]: _, ...others }) {
  const rows = Object.entries(others).map(([name, loads]) => {
    const against = (time) => multiple(ratio(tokenhold.map(time), loads.map(time)));
    return [name, ...Object.values(stretches).map(against)];
  });
  return table(["", ...Object.keys(stretches)], rows);
}

function requestTable(times) {
  const rows = ordered(times).map(([name, own]) => [name, spread(summary(own)), multiple(ratio(own, times[BASE]))]);
  return table(["", "time", "ratio"], rows);
}

function stormTable(storm) {
  const rows = ordered(storm).map(([name, rounds]) => {
    const times = (of) => of.map(({ time }) => time);
    const counts = ["refreshes", "requests"].map((kind) => distinct(rounds.map((round) => round[kind])));
    return [name, ...counts, spread(summary(times(rounds))), multiple(ratio(times(rounds), times(storm[BASE])))];
  });
  return table(["", "refreshes", "requests", "time", "ratio"], rows);
}

function tabsTable(tabs) {
  const head = ["", "tabs", "refreshes", "messages heard", "processor time (ms)", "ratio", "slowest tab (ms)", "ratio"];
  const rows = Object.entries(tabs).flatMap(([count, told]) =>
    Object.entries(told).map(([name, rounds]) => {
      const of = (what, from = rounds) => from.map((round) => round[what]);
      const times = ["processor", "slowest"].flatMap((what) => [
        spread(summary(of(what))),
        multiple(ratio(of(what), of(what, told["thirty lines"]))),
      ]);
      return [name, count, ...["refreshes", "heard"].map((what) => distinct(of(what))), ...times];
    }),
  );
  return table(head, rows);
}

/** Everything that both commits have been timed at. */
function changeTable({ start, requests, storm, tabs }) {
  const change = ({ tokenhold, [ANOTHER]: another }, time = (own) => own) =>
    multiple(ratio(tokenhold.map(time), another.map(time)));
  const rows = [
    ...Object.entries(start).flatMap(([kind, told]) =>
      Object.entries(stretches).map(([name, time]) => [`a page load, ${kind}: ${name}`, change(told, time)]),
    ),
    ...Object.entries(requests).map(([kind, times]) => [`requests, ${kind}`, change(times)]),
    ["many callers", change(storm, ({ time }) => time)],
    ...Object.entries(tabs).flatMap(([count, told]) => [
      [`${count} tabs: processor time`, change(told, ({ processor }) => processor)],
      [`${count} tabs: slowest`, change(told, ({ slowest }) => slowest)],
    ]),
  ];
  return table(["", "ratio"], rows);
}

function distinct(counts) {
  return [...new Set(counts)].sort((a, b) => a - b).join(" or ");
}

/** Entries by name, whatever order WebDriver has brought them in. */
function ordered(results) {
  const { [BASE]: base, tokenhold, ...others } = results;
  return Object.entries({ [BASE]: base, tokenhold, ...others });
}

function spread({ median, low, high }) {
  return `${ms(median)} (${ms(low)} to ${ms(high)})`;
}

function multiple({ median, low, high }) {
  return `× ${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function ms(value) {
  return value.toFixed(value < 10 ? 2 : 1);
}

function table(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column].length)));
  const text = (cells) =>
    `| ${cells.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [text(lines[0]), text(rule), ...lines.slice(1).map(text)].join("\n");
}
