import type { TokenManager } from "../manager.ts";
import type { Person, TestBackend } from "./backend.ts";
import type { TestClock } from "./clock.ts";

/**
 * Another tab of the same browser, in the background. It is opened when it is first asked for something, and does not
 * restore the session by a request: it has what the first tab has.
 */
export interface OtherTab<Claims = unknown, Manager = TokenManager<Claims>> {
  /** Its manager. */
  readonly tokens: Manager;
  /** Signs somebody in there. Resolves when it is known here. */
  signIn(person: Person<Claims>): Promise<void>;
  /** Refreshes there. Resolves when the new token is known here. */
  refresh(): Promise<void>;
  /** Signs out there, at the backend too. Resolves when it is known here. */
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
  async function act(command: (tokens: TokenManager<C>) => Promise<void>): Promise<void> {
    const { tokens } = tab;
    // If it has just been opened, it learns first what there is.
    await clock.settle();
    await command(tokens);
    await clock.settle();
  }
  return tab;
}
