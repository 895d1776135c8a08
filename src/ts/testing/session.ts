import { claims } from "../../web/browser.js";
import type { Identity, Version } from "./version.ts";

/** A token is renewed before use when less than this is left of it, or a tenth of its lifetime. */
const LEEWAY_MS = 5_000;
/** A rejected token younger than this, or than half its lifetime, is not refreshed again. */
const YOUNG_MS = 10_000;
const MIN_LIFETIME_MS = 1_000;
const MAX_LIFETIME_MS = 100 * 365 * 24 * 3_600 * 1_000;
/** Numbers from here on are milliseconds since the epoch, below it seconds. */
const EPOCH_MS_FROM = 1e11;

/** A token and how long it lives, as `src/core/grant.rs` reads it. */
export interface Grant {
  token: string;
  /** In milliseconds from receipt; missing: unknown. */
  lifetime: number | undefined;
  claims: Claims | undefined;
}

/** What a JWT says of itself. */
interface Claims {
  exp: number | undefined;
  iat: number | undefined;
  /** Issuer and subject. */
  subject: string | undefined;
  json: string;
}

/** A session that is signed in: `src/core/session.rs`. */
export class Session {
  readonly version: Version;
  readonly grant: Grant;
  readonly #received: number;

  constructor(grant: Grant, version: Version, now: number) {
    this.grant = grant;
    this.version = version;
    this.#received = now;
  }

  get expiresAt(): number | undefined {
    const { lifetime } = this.grant;
    return lifetime === undefined ? undefined : this.#received + lifetime;
  }

  get identity(): Identity {
    return { epoch: this.version.epoch, subject: this.grant.claims?.subject };
  }

  isValid(now: number): boolean {
    return this.expiresAt === undefined || now < this.expiresAt;
  }

  /** Whether it lasts long enough to be sent off with a request. */
  isFresh(now: number): boolean {
    const { lifetime } = this.grant;
    return lifetime === undefined || this.#received + lifetime - now > Math.min(LEEWAY_MS, lifetime / 10);
  }

  /** Whether it is so new that a rejection cannot be for its age. */
  isYoung(now: number): boolean {
    return now - this.#received < Math.min(YOUNG_MS, (this.grant.lifetime ?? Infinity) / 2);
  }
}

/** The fields of an answer; `undefined` if there is no token in it that could be sent. */
export function grantOf(fields: unknown[], unit: "s" | "ms", now: number): Grant | undefined {
  const [serverTime, token, expiresIn, expiresAt] = fields;
  if (typeof token !== "string" || !/^[!-~]{1,65536}$/.test(token)) return undefined;
  const claims = claimsOf(token);
  const clock = isFinite(serverTime as number) ? (serverTime as number) : now;
  const lifetime =
    ahead((expiresIn as number) * (unit === "s" ? 1_000 : 1)) ??
    ahead((expiresAt as number) * ((expiresAt as number) < EPOCH_MS_FROM ? 1_000 : 1) - clock) ??
    ahead((claims?.exp ?? NaN) * 1_000 - (claims?.iat === undefined ? clock : claims.iat * 1_000));
  return { token, lifetime, claims };
}

function ahead(ms: number): number | undefined {
  return ms > 0 ? Math.trunc(Math.min(Math.max(ms, MIN_LIFETIME_MS), MAX_LIFETIME_MS)) : undefined;
}

/** `undefined`: the token is opaque. */
function claimsOf(token: string): Claims | undefined {
  const [json, exp, iat, sub, iss] = claims(token.slice(0, token.lastIndexOf(".")));
  if (json === undefined) return undefined;
  const subject = typeof sub === "string" ? `${typeof iss === "string" ? iss : ""}\0${sub}` : undefined;
  return { exp: seconds(exp), iat: seconds(iat), subject, json };
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.trunc(value);
}
