/** The kind of an error, for programs. */
export type ErrorCode =
  /** An option is unknown, ill-typed or out of range; the message names it. */
  | "invalid-option"
  /** There is no session, or no longer. The person has to sign in. */
  | "session-ended"
  /** The token could not be renewed, for a reason that may pass. */
  | "refresh-failed"
  /** The answer of the login endpoint is an error, or holds no token. Nothing has changed. */
  | "sign-in-failed"
  /** The manager has been disposed of. */
  | "disposed"
  /** WebAssembly is missing, is blocked, or has failed. Create a new manager. */
  | "wasm-failed";

/** @internal */
export type ErrorDetails = Pick<TokenholdError, "status" | "url" | "retryInMs">;

/** The class of all errors that tokenhold raises itself. An error never contains a token. */
export class TokenholdError extends Error {
  static {
    // Consoles show the name of the class, which is minified in the package, and stacks that of the prototype.
    Object.defineProperty(TokenholdError, "name", { value: "TokenholdError" });
    TokenholdError.prototype.name = "TokenholdError";
  }

  /** The stable name of the error's kind. */
  readonly code: ErrorCode;

  /** Of `refresh-failed` and `sign-in-failed`: the answer's HTTP status; missing if there was no answer. */
  declare readonly status?: number;
  /** Of `refresh-failed`: the URL of the refresh endpoint, without its query. */
  declare readonly url?: string;
  /** Of `refresh-failed`: when this tab tries again at the earliest, in milliseconds from the failure. */
  declare readonly retryInMs?: number;

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
