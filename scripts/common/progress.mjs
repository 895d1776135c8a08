/** Says what is going on, and how long it took. */

/** Announces the step that begins now. */
export function say(step) {
  console.log(`▸ ${step}`);
}

/** Says that something has been reached. */
export function done(what) {
  console.log(`✓ ${what}`);
}

/** A stopwatch: call it for the time since it was made, as in `3.2 s` or `2 min 05 s`. */
export function stopwatch() {
  const start = performance.now();
  return () => duration(performance.now() - start);
}

function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
