/** Waiting for moments and for promises, always with a bound. */
import { setTimeout as delay } from "node:timers/promises";

/**
 * That only ends what hangs. Whatever takes a second takes many on a machine with twenty times more to do than it has
 * processors.
 */
const WITHIN_MS = 60_000;

/** Resolves once the wall clock has passed `epochMs`. */
export async function moment(epochMs) {
  while (Date.now() <= epochMs) await delay(epochMs - Date.now() + 1);
}

/** Calls `action` again and again, `everyMs` apart, until the wall clock passes `epochMs`; all that it returned. */
export async function repeat(action, epochMs, everyMs = 50) {
  const results = [];
  while (Date.now() < epochMs) {
    results.push(await action());
    await delay(everyMs);
  }
  return results;
}

/** `promise`, or a rejection after `withinMs`. */
export async function bounded(promise, what, withinMs = WITHIN_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${withinMs} ms`)), withinMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Calls `attempt` again and again, `everyMs` apart, until it comes to something true, which is returned. Gives up after
 * `withinMs`, and when `signal` says so.
 *
 * @param {() => Promise<any>} attempt
 * @param {string} what
 * @param {{ withinMs?: number, everyMs?: number, signal?: AbortSignal }} [options]
 */
export async function until(attempt, what, { withinMs = WITHIN_MS, everyMs = 20, signal } = {}) {
  const end = performance.now() + withinMs;
  for (;;) {
    const left = end - performance.now();
    const found = await bounded(attempt(), what, Math.max(0, left));
    if (found) return found;
    if (left < 0) throw new Error(`${what}: not within ${withinMs} ms`);
    await delay(everyMs, undefined, { signal });
  }
}
