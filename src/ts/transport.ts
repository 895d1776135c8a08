/**
 * A field of `fetch`'s `init`: a function that sends the request, each time that it has to go out, instead of the
 * manager's own
 * `fetch`. The manager decides everything else: when to send, with which token, and whether to send again. For that,
 * the result must have a `status`, `headers` with `get`, and `clone()`.
 *
 * @internal
 */
export const TRANSPORT = Symbol.for("tokenhold.transport");

/** The headers that the manager has added to those of the app: the token, and perhaps a CSRF token. @internal */
export function added({ headers }: Request, has: (name: string) => boolean): [name: string, value: string][] {
  return [...headers].filter(([name]) => !has(name));
}

/** @internal */
export type Transport = (request: Request) => Promise<unknown>;
