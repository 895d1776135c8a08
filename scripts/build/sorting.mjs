/**
 * The module's bytes sorted by what they mean, and put back in order when it is loaded.
 *
 * Code is a mixture: operations, the local variables they name, offsets into memory, constants. Compressors look for what
 * follows what, and find far more of it where each kind is by itself: a tenth less to download. One walk over a
 * function's body serves both ways, with a `copy` that takes bytes apart or puts them together.
 *
 * What this exports as functions is part of the package: short matters, and nothing from outside may be used.
 */

/**
 * Walks over the body of one function (WebAssembly core specification, sections 5.4 and 5.5.13): `copy(kind)` passes the
 * next byte on and returns it. An operation is of the kind 1, its operands are of two kinds of its own; local variables
 * are of the kind 0. What an integer is for, the operation after it says, and so its kind is by that: `next` looks ahead.
 * Operations that Rust's modules do not have are not known here; `sort` finds out.
 */
export function walk(copy, next) {
  const number = (kind) => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = copy(kind);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (let groups = number(0); groups--; copy(0)) number(0);
  for (let depth = 1; depth; ) {
    const operation = copy(1);
    const opens = operation > 1 && operation < 5;
    if (opens) depth++;
    if (operation === 11) depth--;
    // Most have no operands, and the page has to wait.
    if (operation > 68 && operation < 252) continue;
    const kind = operation === 65 ? 512 + next() : operation * 2;
    // call_indirect, loads and stores; variables, constants, blocks, br, br_if, call
    if (operation === 17 || (operation > 39 && operation < 63)) number(kind), number(kind + 1);
    else if (opens || (operation > 31 && operation < 67) || operation === 12 || operation === 13 || operation === 16)
      number(kind);
    // br_table, f64.const, memory.copy and memory.fill among the prefixed ones
    else if (operation === 14) for (let labels = number(kind); labels-- >= 0; ) number(kind + 1);
    else if (operation === 68) for (let bytes = 8; bytes--; ) copy(kind);
    else if (operation === 252)
      for (let memories = 12 - number(kind); memories > 0 && memories < 3; memories--) number(kind + 1);
  }
}

/**
 * Undoes `sort`: the module, of what comes before the functions, what comes after them, and their bytes by kind. A letter
 * is a byte and `shift`, of which the lower eight bits count. The page waits for this: a call less for each byte is felt.
 */
export function unsort([before, after, ...sorted], shift, walk) {
  const module = new Uint8Array(
    2 * sorted.reduce((length, part) => length + part.length, before.length + after.length),
  );
  // By kind: what is left to be put, and from where on. There are fewer kinds than 1024.
  const [parts, positions] = [[], new Uint32Array(1024)];
  let [end, kinds] = [0, 0];
  const putAll = (part) => {
    for (let position = 0; position < part.length; position++) module[end++] = part.charCodeAt(position) - shift;
  };
  const copy = (kind) => {
    const part = (parts[kind] ??= sorted[kinds++]);
    return (module[end++] = (part.charCodeAt(positions[kind]++) - shift) & 255);
  };
  const next = () => sorted[1].charCodeAt(positions[1]);
  putAll(before);
  do {
    // The size is not known before the body; most take two bytes.
    const start = end;
    end += 2;
    walk(copy, next);
    let size = end - start - 2;
    const digits = size < 128 ? 1 : size < 16384 ? 2 : 3;
    module.copyWithin(start + digits, start + 2, end);
    end += digits - 2;
    for (let at = start; at < start + digits; size >>= 7) module[at++] = (size & 127) | 128;
    module[start + digits - 1] &= 127;
  } while (positions[0] < sorted[0].length);
  putAll(after);
  return module.slice(0, end);
}

/** The bytes of the functions' bodies by kind, in the order in which the kinds are first met. */
export function sort(bytes, functions) {
  const sorted = new Map();
  for (const { start, end } of functions) {
    let at = start;
    const copy = (kind) => {
      if (!sorted.has(kind)) sorted.set(kind, []);
      if (at < end) sorted.get(kind).push(bytes[at]);
      return at < end ? bytes[at++] : 11;
    };
    const next = () => bytes.subarray(at).find((_, ahead, rest) => rest[ahead - 1] < 128);
    walk(copy, next);
  }
  return [...sorted.values()];
}
