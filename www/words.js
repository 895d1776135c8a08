/** 18 -> "18 ms", 1840 -> "1.8 s". */
export function took(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The time of day, to the second. */
export function timeOfDay(at) {
  return new Date(at).toLocaleTimeString("en-GB");
}
