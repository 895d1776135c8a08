/** Figures that a command writes into a page of the documentation, between two marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { done } from "./progress.mjs";
import { root } from "./project.mjs";
import { ScriptError } from "./script-error.mjs";

const END = "<!-- to here -->";

/** Replaces what `command` has written into `page` (a path in the project) before. */
export function writeFigures(page, command, figures) {
  const begin = `<!-- written by \`${command}\` -->`;
  const file = join(root, page);
  const [before, rest] = readFileSync(file, "utf8").split(begin);
  const [, after] = (rest ?? "").split(END);
  if (after === undefined) throw new ScriptError(`${page} has no place for the figures: ${begin} ${END}`);
  writeFileSync(file, `${before}${begin}\n\n${figures}\n\n${END}${after}`);
  done(`${page} is written`);
}
