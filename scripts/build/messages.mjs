/**
 * The functions that `shake.mjs` replaces, by their names and the type of their results. Rust mangles names as its
 * compiler's book says ("v0"). rust-toolchain.toml pins the compiler, so these names do not change by themselves.
 */
import { ScriptError } from "../common/script-error.mjs";
import { leb } from "./module.mjs";

const I32 = 0x7f;
const [UNREACHABLE, END, CALL, CONSTANT] = [0x00, 0x0b, 0x10, 0x41];

/** Bodies of functions: their code, beginning with "no local variables", and the functions that it calls. */
export const TRAPS = { code: [0, UNREACHABLE, END], calls: [] };
const WRITES_NOTHING = { code: [0, CONSTANT, 0, END], calls: [] };

/** The end of a generic function's name: the crate that has compiled it. */
const BY = "(?:B\\w*_|Cs\\w+)?$";
/** The beginning of a name: a path in a crate of the standard library. `tokenhold::core` is none. */
const STANDARD = "^_RI?Nv[^C]*Cs[0-9A-Za-z]+_(?:4core|5alloc|3std)";

/** The function that tells the face of a panic. */
const PANICKED = /_9tokenhold3web8bindings8panicked$/;

const writes = { results: [I32], body: () => WRITES_NOTHING };
const panics = { results: [], body: tellsAndTraps };

/** The replacements. A `pattern` must match at least one function with such `results`; `body` makes its new body. */
export const messages = [
  // Display, Debug and the like, and the functions that they call.
  { pattern: new RegExp(`3fmt${BY}`), ...writes },
  { pattern: /_4core3fmt5write$/, ...writes },
  { pattern: new RegExp(`3fmt5Write\\d+write_(?:str|char|fmt)${BY}`), ...writes },
  { pattern: /_4core3fmtNtB\w_9Formatter\d+[a-z_]+$/, ...writes },
  // The functions by which the standard library begins to panic.
  { pattern: new RegExp(`${STANDARD}9panicking(?:11panic_const)?\\d+panic(?:_[a-z_]+)?$`), ...panics },
  { pattern: new RegExp(`${STANDARD}\\w*13assert_failed(?:[a-z]+E\\w*)?$`), ...panics },
  { pattern: new RegExp(`${STANDARD}4cell\\d+panic_already_(?:mutably_)?borrowed$`), ...panics },
  { pattern: new RegExp(`${STANDARD}\\w*\\d(?:expect|unwrap)_failed$`), ...panics },
  { pattern: new RegExp(`${STANDARD}\\w*\\d(?:slice_index|slice_error)_fail(?:_rt)?$`), ...panics },
  { pattern: new RegExp(`${STANDARD}\\w*\\d(?:handle_error|handle_alloc_error|capacity_overflow)$`), ...panics },
  // js-sys exports it for tasks that a promise may suspend. This crate has none.
  { pattern: /^__wbg_jspi_task_poll$/, results: [], body: () => TRAPS },
];

function tellsAndTraps(functions) {
  const panicked = the(functions, PANICKED);
  return { code: [0, ...call(panicked), UNREACHABLE, END], calls: [panicked] };
}

/** The only function whose name matches. */
function the(functions, pattern) {
  const found = functions.filter(({ name }) => pattern.test(name));
  if (found.length !== 1) throw new ScriptError(`${found.length} functions of the module match ${pattern}, not one`);
  return found[0];
}

function call({ index }) {
  return [CALL, ...leb(index)];
}
