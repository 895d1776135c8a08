/** What the fake has from where it runs: a page, Node, or Node with a stand-in for a page. */
const real: typeof globalThis & Node = globalThis;

interface Node {
  setImmediate?: typeof setTimeout;
  process?: { getBuiltinModule?(name: string): { webcrypto: Crypto } };
}

/** As it was when this was loaded: a test may replace it by a clock of its own, which the fake must not wait for. */
const later = (real.setImmediate ?? real.setTimeout).bind(real);

/** Lets everything run that can run now. */
export function turn(): Promise<void> {
  return new Promise((resolve) => later(resolve));
}

/** The page's place, which relative URLs begin from. */
export const location = {
  get href(): string {
    return real.location?.href?.startsWith("http") ? real.location.href : "https://app.example/";
  },
  get origin(): string {
    return new URL(this.href).origin;
  },
};

/** A constructor, as `Request` is, to which URLs may be relative. */
// biome-ignore lint/complexity/useArrowFunction: an arrow function is no constructor.
export const Request = function (input: RequestInfo | URL, init?: RequestInit): Request {
  return new real.Request(typeof input === "string" ? new URL(input, location.href) : input, init);
} as unknown as typeof real.Request;

/** Node has what stand-ins for a page leave out. */
export const subtle: SubtleCrypto | undefined =
  real.crypto?.subtle ?? real.process?.getBuiltinModule?.("node:crypto").webcrypto.subtle;

/** Where there is none, an uncaught error makes the test fail. */
export function reportError(error: unknown): void {
  if (real.reportError) real.reportError(error);
  else void Promise.reject(error);
}
