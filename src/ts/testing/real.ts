/** The globals of the environment that the tests run in: a page, Node, or Node with a simulated DOM. */
const real: typeof globalThis & Node = globalThis;

interface Node {
  setImmediate?: typeof setTimeout;
  process?: { getBuiltinModule?(name: string): { webcrypto: Crypto } };
}

/** Read when this file is loaded: a test may replace the globals by fake timers, which would never fire. */
const later = (real.setImmediate ?? real.setTimeout).bind(real);

/** Resolves after everything that can run now has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => later(resolve));
}

/** The page's address, to which URLs are relative. */
export const location = {
  get href(): string {
    return real.location?.href?.startsWith("http") ? real.location.href : "https://app.example/";
  },
  get origin(): string {
    return new URL(this.href).origin;
  },
};

/** A class like `Request` that accepts relative URLs in Node as well. */
// biome-ignore lint/complexity/useArrowFunction: an arrow function is no constructor.
export const Request = function (input: RequestInfo | URL, init?: RequestInit): Request {
  return new real.Request(typeof input === "string" ? new URL(input, location.href) : input, init);
} as unknown as typeof real.Request;

/** Simulated DOMs may lack `crypto.subtle`, but Node has it. */
export const subtle: SubtleCrypto | undefined =
  real.crypto?.subtle ?? real.process?.getBuiltinModule?.("node:crypto").webcrypto.subtle;

/** Without a global `reportError`, an unhandled rejection makes the test fail, as it should. */
export function reportError(error: unknown): void {
  if (real.reportError) real.reportError(error);
  else void Promise.reject(error);
}
