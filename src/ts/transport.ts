/**
 * A field of `fetch`'s `init`: what sends the request, each time that it is to go out, in the place of the manager's
 * own `fetch`. All else about it stays the manager's: when, with which token, and whether again. For that, what it
 * resolves with must have a `status`, `headers` with `get`, and `clone()`.
 *
 * @internal
 */
export const TRANSPORT = Symbol.for("tokenhold.transport");

/** @internal */
export type Transport = (request: Request) => Promise<unknown>;
