/** The age of the token that tabs hold: waiting until it is old enough for what a test is about. */
import { moment } from "./clock.mjs";
import { inAll } from "./tab.mjs";

/** Epoch ms at which the token has expired in every one of `tabs`. */
export async function lastExpiry(tabs) {
  return Math.max(...(await inAll(tabs, (tab) => tab.expiresAt())));
}

/** Resolves when the token has expired in every one of `tabs`, `laterMs` ago. */
export async function expiry(tabs, laterMs = 50) {
  await moment((await lastExpiry(tabs)) + laterMs);
}

/**
 * Resolves when the token is past half its lifetime in all `tabs`: the refusal of a younger one is not worth a refresh.
 * `lifetimeMs` is needed only where the tabs were told another one than the token's own.
 */
export async function halfLife(tabs, lifetimeMs) {
  const lifetimes = await inAll(tabs, (tab) => tab.run(() => 1_000 * (tokens.claims.exp - tokens.claims.iat)));
  await moment((await lastExpiry(tabs)) - (lifetimeMs ?? Math.min(...lifetimes)) / 2 + 200);
}
