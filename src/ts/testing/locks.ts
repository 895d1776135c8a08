import type { TestClock } from "./clock.ts";
import { turn } from "./real.ts";

/** Simulates a browser's exclusive Web Locks. The returned function makes `navigator.locks` for a tab, by its name. */
export function locksOf(clock: TestClock) {
  /** All requests for locks, whether granted or waiting, in their order. */
  const asked = new Set<{ name: string; clientId: string; isHeld: boolean; hold: () => Promise<void> }>();

  /** Grants the lock to the first request in line, unless that holds it already. */
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
