/** Waiting for moments and for promises, always with a bound. */
import { setTimeout as delay } from "node:timers/promises";

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
export async function bounded(promise, what, withinMs = 15_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${withinMs} ms`)), withinMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
