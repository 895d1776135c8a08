import type { TestClock } from "./clock.ts";
import { locksOf } from "./locks.ts";
import { location, Request, reportError, subtle } from "./real.ts";
import { TestPage } from "./test-page.ts";

/** Simulates the parts of a browser that a token manager uses. Only if `isSecure`, its pages have locks and keys. */
export function openBrowser(clock: TestClock, seed: number, isSecure: boolean) {
  const pages: TestPage[] = [];
  const locks = locksOf(clock);
  const BroadcastChannel = channelOf(clock);
  return {
    /** Opens a tab, and returns the globals that scripts find there. */
    openTab(visibilityState: TestPage["visibilityState"]) {
      const page = new TestPage(visibilityState, pages[0], clock);
      const number = pages.push(page);
      const opened = clock.now;
      return {
        Date: class extends Date {
          static override now = () => clock.now;
        },
        performance: { now: () => clock.now - opened },
        setTimeout: clock.setTimeout,
        clearTimeout: clock.clearTimeout,
        // The page is window and document in one, because no event has the same name in both.
        document: page,
        addEventListener: page.addEventListener.bind(page),
        removeEventListener: page.removeEventListener.bind(page),
        navigator: isSecure ? { locks: locks(`tab ${number}`) } : {},
        crypto: { getRandomValues: random((seed | 0) + number), subtle: isSecure && subtle && watched(subtle, clock) },
        BroadcastChannel,
        location,
        origin: location.origin,
        Request,
        reportError,
      };
    },
    /** Tells all pages that the network is back. */
    online() {
      for (const page of pages) page.dispatchEvent(new Event("online"));
    },
  };
}

/** The class of the channels between the tabs of one browser. */
function channelOf(clock: TestClock) {
  const names = new Map<Channel, string>();
  class Channel {
    onmessage: ((event: { data: Uint8Array }) => void) | null = null;

    constructor(name: string) {
      names.set(this, name);
    }

    postMessage(message: Uint8Array): void {
      for (const [channel, name] of names) {
        if (channel !== this && name === names.get(this))
          clock.soon(() => channel.onmessage?.({ data: message.slice() }));
      }
    }

    close(): void {
      names.delete(this);
    }
  }
  return Channel;
}

type Methods = Record<string, (...values: unknown[]) => Promise<unknown>>;

/** Makes the clock wait for cryptography, which the real browser does in other threads. */
function watched(subtle: SubtleCrypto, clock: TestClock): unknown {
  const get =
    (methods: Methods, name: string) =>
    (...values: unknown[]) =>
      clock.watch(methods[name]!(...values));
  return new Proxy(subtle as unknown as Methods, { get });
}

/** Fills arrays with pseudo-random numbers, the same for the same seed (SplitMix32). */
function random(seed: number) {
  return <T extends ArrayBufferView>(array: T): T => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at++) {
      seed = (seed + 0x9e3779b9) | 0;
      const mixed = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad);
      bytes[at] = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) >>> 24;
    }
    return array;
  };
}
