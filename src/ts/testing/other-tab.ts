import type { TokenManager } from "../manager.ts";
import type { Person, TestBackend } from "./backend.ts";
import type { TestClock } from "./clock.ts";

/**
 * Another tab of the same browser, in the background. It opens when the test first uses it. It sends no request to
 * restore the session, because the first tab passes it the token.
 */
export interface OtherTab<Claims = unknown, Manager = TokenManager<Claims>> {
  /** Its manager. */
  readonly tokens: Manager;
  /** Signs somebody in there. Resolves when the first tab knows. */
  signIn(person: Person<Claims>): Promise<void>;
  /** Refreshes there. Resolves when the first tab has the new token. */
  refresh(): Promise<void>;
  /** Signs out there, at the backend too. Resolves when the first tab knows. */
  logout(): Promise<void>;
}

/** @internal */
export function otherTabOf<C>(open: () => TokenManager<C>, backend: TestBackend<C>, clock: TestClock): OtherTab<C> {
  let opened: TokenManager<C> | undefined;
  const tab = {
    get tokens() {
      return (opened ??= open());
    },
    signIn: (person: Person<C>) => act(({ signIn }) => signIn(backend.signIn(person))),
    refresh: () => act(({ refresh }) => refresh()),
    logout: () => act(({ logout }) => logout()),
  };
  async function act(command: (tokens: TokenManager<C>) => Promise<unknown>): Promise<void> {
    const { tokens } = tab;
    // A tab that has just been opened first learns from its peer whether there is a session.
    await clock.settle();
    await command(tokens);
    await clock.settle();
  }
  return tab;
}
