import type { Session } from "./session.ts";
import { type Identity, isAfter, isSame, type Version } from "./version.ts";
import type { Problem } from "./world.ts";

/** A request of the app, or its wish for the token. */
export interface HeldRequest {
  /** With the token, or bare. */
  send(token: string | undefined): void;
  /** The response that it got is the app's. */
  deliver(): void;
  refuse(problem: Problem): void;
}

/** Where a request stands. */
export interface Entry {
  request: HeldRequest;
  /** `held`: not sent yet. `rejected`: to be replayed with a newer token. */
  phase: "held" | "sent" | "rejected";
  /** The version of the token that it was sent with. */
  sentWith: Version | undefined;
  /** As whom the app made it; missing: before anybody was known. */
  identity: Identity | undefined;
  isReplayed: boolean;
}

/** What is to become of a request that waits. */
export type Verdict = "send" | "sendBare" | "wait" | "deliver" | Problem;

/** Whether a newer token is on its way, and whether the backend is to be left alone. */
interface Prospects {
  isComing: boolean;
  isHeldUp: boolean;
}

/** The app's requests, oldest first: `src/core/machine/traffic.rs`. */
export class Requests {
  #entries: Entry[] = [];

  add(request: HeldRequest, identity: Identity | undefined): void {
    this.#entries.push({ request, phase: "held", sentWith: undefined, identity, isReplayed: false });
  }

  find(request: HeldRequest): Entry | undefined {
    return this.#entries.find((entry) => entry.request === request);
  }

  remove(request: HeldRequest): void {
    this.#entries = this.#entries.filter((entry) => entry.request !== request);
  }

  takeAll(): Entry[] {
    return this.#entries.splice(0);
  }

  get waiting(): Entry[] {
    return this.#entries.filter(({ phase }) => phase !== "sent");
  }

  get anyWaiting(): boolean {
    return this.waiting.length > 0;
  }

  verdict(entry: Entry, state: "restoring" | "signed-out" | Session, now: number, prospects: Prospects): Verdict {
    if (state === "restoring") return "wait";
    if (state === "signed-out") {
      if (entry.phase === "rejected") return "deliver";
      return entry.identity ? { code: "session-ended" } : "sendBare";
    }
    const isOfAnother = entry.identity && !isSame(entry.identity, state.identity);
    if (entry.phase === "held") {
      if (isOfAnother) return { code: "session-ended" };
      return state.isFresh(now) || (state.isValid(now) && prospects.isHeldUp) ? "send" : "wait";
    }
    if (isOfAnother) return "deliver";
    const isNewer = entry.sentWith && isAfter(state.version, entry.sentWith);
    if (isNewer && state.isFresh(now)) return "send";
    return prospects.isComing || !state.isYoung(now) ? "wait" : "deliver";
  }

  carryOut(verdict: Exclude<Verdict, "wait">, entry: Entry, session: Session | undefined): void {
    const { request } = entry;
    if (verdict === "send" || verdict === "sendBare") {
      const sent = verdict === "send" ? session : undefined;
      entry.isReplayed = entry.phase === "rejected";
      entry.phase = "sent";
      entry.sentWith = sent?.version;
      return request.send(sent?.grant.token);
    }
    this.remove(request);
    if (verdict === "deliver") request.deliver();
    else request.refuse(verdict);
  }
}
