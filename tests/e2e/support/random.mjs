/** Random numbers that a seed can bring back (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** An integer from 0 to `most`, both included. */
    upTo: (most) => Math.floor(next() * (most + 1)),
    /** One of `list`. */
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
