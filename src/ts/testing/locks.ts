import type { TestClock } from "./clock.ts";
import { turn } from "./real.ts";

/** The Web Locks of a browser, as far as they are used: exclusive ones. Returns `navigator.locks` of a tab, by its name. */
export function locksOf(clock: TestClock) {
  /** Those who hold a lock and those who wait for it, in the order in which they have asked. */
  const asked = new Set<{ name: string; clientId: string; isHeld: boolean; hold: () => Promise<void> }>();

  /** To whoever is the first in line, unless that has it already. */
  function grant(name: string): void {
    const first = [...asked].find((one) => one.name === name);
    if (!first || first.isHeld) return;
    first.isHeld = true;
    first.hold().finally(() => {
      asked.delete(first);
      clock.soon(() => grant(name));
    });
  }

  return (clientId: string) => ({
    request: (name: string, { signal }: { signal: AbortSignal }, granted: () => unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const one = { name, clientId, isHeld: false, hold: async () => resolve(await granted()) };
        asked.add(one);
        signal.addEventListener("abort", () => {
          if (!one.isHeld && asked.delete(one)) reject(signal.reason);
        });
        clock.soon(() => grant(name));
      }),
    query: async () => {
      await clock.watch(turn());
      return { held: [...asked].filter(({ isHeld }) => isHeld).map(({ name, clientId }) => ({ name, clientId })) };
    },
  });
}
