import type { Story } from "./story.ts";
import type { RequestObserver } from "./request-observer.ts";
import { plural, took } from "./words.ts";

/** The state of this moment: `news`, and the `next` event, which changes all the time. */
export function situation({ tokens, failure }: Story, { waiting }: RequestObserver): { news: string; next: string } {
  const isServing = (tokens.expiresAt ?? 0) > Date.now();
  const news = failure ? `${failed(failure)}${isServing ? " The token still serves." : ""}` : NEWS[tokens.status];
  const wait = waiting > 0 ? `${plural(waiting, "call")} ${waiting === 1 ? "waits" : "wait"} for a token.` : "";
  return { news, next: [failure && attempt(failure), wait].filter(Boolean).join(" ") };
}

const NEWS = { restoring: "The first silent refresh is under way.", "signed-in": "", "signed-out": "" };

type Failed = NonNullable<Story["failure"]>;

function failed({ status, attempt }: Failed): string {
  return `The refresh endpoint ${status === 0 ? "did not answer" : `answered ${status}`}, attempt ${attempt}.`;
}

function attempt({ nextAt }: Failed): string {
  const left = nextAt - Date.now();
  return left > 0 ? `Next attempt in ${took(Math.ceil(left / 100) * 100)}.` : "The next attempt is due.";
}
