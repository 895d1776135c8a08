/** Source texts with many mutants in them, of which one is chosen when the program runs. */

/** The environment variable that chooses a mutant by its number. */
export const CHOICE = "TOKENHOLD_MUTANT";

/** The file that all others find the choice in, and what has to be added to it. */
export const CHOOSER = {
  file: "src/core/mod.rs",
  text: `
pub(crate) fn chosen_mutant() -> u32 {
    static CHOSEN: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    let read = || std::env::var("${CHOICE}").ok()?.parse().ok();
    *CHOSEN.get_or_init(|| read().unwrap_or_default())
}
`,
};

/**
 * Each function that is to be broken gets a body for each mutant in it, and keeps its own. A mutant outside of
 * functions takes the place of what it breaks. Returns the text, and which of its lines (from 1) are whose.
 */
export function weave(source, mutants) {
  let text = "";
  let at = 0;
  const owners = [];
  const append = (part, mutant) => {
    const first = lineCount(text);
    text += part;
    if (mutant) owners.push({ mutant, first, last: lineCount(text) });
  };
  for (const { start, end, variants } of piecesOf(source, mutants)) {
    append(source.slice(at, start));
    if (isConstant(variants)) append(variants[0].text, variants[0].mutant);
    else {
      append("{ match crate::core::chosen_mutant() {\n");
      for (const { text, mutant } of variants) {
        append(`${mutant.number} => ${text}`, mutant);
        append("\n");
      }
      append(`_ => ${source.slice(start, end)}\n} }`);
    }
    at = end;
  }
  append(source.slice(at));
  return { text, owners };
}

function isConstant(variants) {
  return variants.length === 1 && !variants[0].mutant.function;
}

/** The parts to replace, from the front to the back: a function's body, or a constant's expression. */
function piecesOf(source, mutants) {
  const place = placesIn(source);
  const pieces = new Map();
  for (const mutant of mutants) {
    const from = place(mutant.span.start);
    const to = place(mutant.span.end);
    const start = mutant.function ? source.indexOf("{", place(mutant.function.span.start)) : from;
    const end = mutant.function ? place(mutant.function.span.end) : to;
    const text = source.slice(start, from) + mutant.replacement + source.slice(to, end);
    const piece = pieces.get(start) ?? { start, end, variants: [] };
    piece.variants.push({ mutant, text });
    pieces.set(start, piece);
  }
  return [...pieces.values()].sort((one, other) => one.start - other.start);
}

/** Turns lines and columns, both from 1, into offsets. */
function placesIn(source) {
  const lines = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) lines.push(at + 1);
  return ({ line, column }) => lines[line - 1] + column - 1;
}

function lineCount(text) {
  return text.split("\n").length;
}
