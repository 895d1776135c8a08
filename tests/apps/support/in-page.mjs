/** Helpers for tests that run code in an app's page. */
import { moment } from "../../e2e/support/clock.mjs";

/** Runs `action` in the page, with `args` (JSON), and resolves with what it resolves with (JSON). */
export async function inPage(visit, action, ...args) {
  const source = `const [args, done] = arguments;
    const failed = (error) => done({ error: String(error?.stack ?? error) });
    Promise.resolve(args).then((args) => (${action})(...args)).then((value) => done({ value }), failed);`;
  const { value, error } = await visit.within((driver) => driver.executeAsyncScript(source, args));
  if (error) throw new Error(error);
  return value;
}

export async function signIn(visit) {
  await visit.sees("status", "signed-out");
  await visit.press("sign-in");
  await visit.sees("status", "signed-in");
}

/** Resolves when the token is old enough for its refusal to be worth a refresh, and long before it expires. */
export async function tenSeconds(visit) {
  const [expiresAt, lifetime] = await inPage(visit, () => [
    tokens.expiresAt,
    1_000 * (tokens.claims.exp - tokens.claims.iat),
  ]);
  await moment(expiresAt - lifetime + 10_500);
}
