import type { Grant, Session } from "./session.ts";
import type { Failure } from "./trouble.ts";
import type { Version } from "./version.ts";

/** What the machine wants done. */
export interface World {
  /** Sends the refresh request; its answer comes by `Machine.answered`. */
  sendRefresh(attempt: Attempt): void;
  /** Sends the logout request; its answer comes by `Machine.loggedOut`. */
  sendLogout(farewell: Farewell, token: string | undefined): void;
  emit(type: string, ...values: unknown[]): void;
  ready(): void;
  settle(call: Call, error?: Problem): void;
}

/** Why something cannot be done. */
export type Problem = { code: "session-ended" | "disposed" } | { code: "refresh-failed"; failure: Failure };

/** Something the app waits for. */
export interface Call {
  resolve(value?: unknown): void;
  reject(reason: unknown): void;
}

/** What came of a refresh request. */
export type Answer = { grant: Grant } | { failure: Failure; retryAfter?: number | undefined } | "ended";

/** A refresh request under way. */
export interface Attempt {
  purpose: "renewal" | "sign-in" | "farewell";
  /** Who waits for a sign-in by cookie. */
  calls: Call[];
  /** What was known when it left. */
  known: Version;
}

/** A logout that the backend has not confirmed. */
export interface Farewell {
  calls: Call[];
  session: Session | undefined;
  failures: number;
  isWarnedOf: boolean;
  isLastTry: boolean;
}

export interface Policy {
  timeout: number;
  restore: boolean;
  logout: { withToken: boolean } | undefined;
}

export function newFarewell(): Farewell {
  return { calls: [], session: undefined, failures: 0, isWarnedOf: false, isLastTry: false };
}

export function isGranted(answer: Answer): answer is { grant: Grant } {
  return answer !== "ended" && "grant" in answer;
}

export function isFailed(answer: Answer): answer is { failure: Failure; retryAfter?: number | undefined } {
  return answer !== "ended" && "failure" in answer;
}
