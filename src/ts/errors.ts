/** What went wrong, in a form that programs can tell apart. */
export type ErrorCode =
  /** An option is unknown, ill-typed or out of range; the message names it. */
  | "invalid-option"
  /** There is no session (any more): only signing in helps. */
  | "session-ended"
  /** The token could not be renewed, for a reason that may pass. */
  | "refresh-failed"
  /** The manager has been disposed of. */
  | "disposed"
  /** WebAssembly is not there, is blocked, or has failed: create a new manager. */
  | "wasm-failed";

/** Every error that tokenhold makes itself. It never contains a token. */
export class TokenholdError extends Error {
  static {
    // Consoles show the name of the class, which is a short one in what is shipped, and the stack that of the prototype.
    Object.defineProperty(TokenholdError, "name", { value: "TokenholdError" });
    TokenholdError.prototype.name = "TokenholdError";
  }

  /** The stable name of what went wrong. */
  readonly code: ErrorCode;

  /** @internal */
  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Whether a value is a {@link TokenholdError}, also one of another copy of this module. */
export function isTokenholdError(value: unknown): value is TokenholdError {
  return value instanceof Error && value.name === "TokenholdError" && "code" in value;
}
