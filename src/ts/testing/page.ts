/**
 * What a page has and Node has not. `scripts/build/bundle.mjs` puts these in the place of the globals of the same names,
 * in all of `tokenhold/testing`: so the very code that runs in a page runs here.
 */

const real = globalThis;

/** As it was when this was loaded: a test may replace it by a clock of its own, which this must not wait for. */
export const setTimeout: typeof globalThis.setTimeout = real.setTimeout.bind(real);

/** The page's place, which relative URLs begin from. */
export const location = {
  get href(): string {
    const href = real.location?.href;
    return href?.startsWith("http") ? href : "https://app.example/";
  },
  get origin(): string {
    return new URL(this.href).origin;
  },
};

/** A constructor, as `Request` is, to which URLs may be relative. */
export const Request = function (input: RequestInfo | URL, init?: RequestInit): Request {
  return new real.Request(typeof input === "string" ? new URL(input, location.href) : input, init);
} as unknown as typeof real.Request;

/** Where there is none, an uncaught error is one that makes the test fail, as it should. */
export function reportError(error: unknown): void {
  if (real.reportError) return real.reportError(error);
  queueMicrotask(() => {
    throw error;
  });
}
