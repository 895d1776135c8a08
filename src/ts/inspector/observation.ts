import type { TokenManager } from "../index.ts";
import { Journal } from "./journal.ts";
import { overlay } from "./overlay.ts";
import { Story } from "./story.ts";
import { Tabs } from "./tabs.ts";
import { Totals } from "./totals.ts";
import { RequestObserver } from "./request-observer.ts";

const observations = new Map<string, Observation>();

/** The observation, in this tab, of the managers of one name. */
export function observationOf(name: string): Observation {
  const observation = observations.get(name) ?? new Observation(name);
  observations.set(name, observation);
  return observation;
}

/** An observed manager, and the number of its inspectors. */
interface Following {
  readonly story: Story;
  readonly stop: () => void;
  followers: number;
}

/** Everything that the inspectors of one name show. It talks to other tabs only while there is an inspector. */
export class Observation {
  readonly tabs: Tabs;
  readonly journal: Journal;
  readonly totals: Totals;
  readonly requestObserver: RequestObserver;
  readonly #followed = new Map<TokenManager<unknown>, Following>();

  constructor(name: string) {
    this.tabs = new Tabs(name);
    this.journal = new Journal(this.tabs);
    this.totals = new Totals(this.tabs);
    this.requestObserver = new RequestObserver(this.journal, this.totals);
  }

  /** Follows a manager until {@link leave} is called as often. */
  follow(tokens: TokenManager<unknown>): Story {
    if (this.#followed.size === 0) this.#open();
    const following = this.#followed.get(tokens) ?? this.#start(tokens);
    this.#followed.set(tokens, following);
    following.followers += 1;
    return following.story;
  }

  leave(tokens: TokenManager<unknown>): void {
    const following = this.#followed.get(tokens);
    if (!following || --following.followers > 0) return;
    following.stop();
    this.#followed.delete(tokens);
    if (this.#followed.size > 0) return;
    this.journal.close();
    this.tabs.leave();
  }

  #open(): void {
    this.tabs.enter();
    this.journal.open();
    this.journal.write("opened", {});
  }

  #start(tokens: TokenManager<unknown>): Following {
    const story = new Story(tokens, this);
    const tell = () => this.tabs.update({ status: tokens.status, expiresAt: tokens.expiresAt });
    const ends = [tokens.on("change", tell), () => story.end(), ...this.#listenIn(tokens, story)];
    tell();
    return { story, followers: 0, stop: () => ends.forEach((end) => end()) };
  }

  /** Receives the app's calls of the manager first. */
  #listenIn(tokens: TokenManager<unknown>, story: Story): (() => void)[] {
    return [
      overlay(tokens, "fetch", (fetch) => (input, init) => this.requestObserver.call(fetch, input, init)),
      overlay(
        tokens,
        "signIn",
        (signIn) => (answer) => (answer === undefined ? signIn() : story.duringSignIn(() => signIn(answer))),
      ),
    ];
  }
}
