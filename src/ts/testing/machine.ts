import type { Challenge, StepUp } from "./challenge.ts";
import type { TestClock } from "./clock.ts";
import { type HeldRequest, Requests } from "./requests.ts";
import { type Grant, Session } from "./session.ts";
import { Timers } from "./timers.ts";
import { type Failure, Trouble } from "./trouble.ts";
import { END, type Identity, isAfter, isEqual, isSame, type Version } from "./version.ts";
import {
  type Answer,
  type Attempt,
  type Call,
  type Farewell,
  isFailed,
  isGranted,
  newFarewell,
  type Policy,
  type Problem,
  type World,
} from "./world.ts";

type State = "restoring" | "signed-out" | Session;
type Timer = "attempt" | "retry" | "ahead" | "patience" | "logoutAgain";

const LOGOUT_BACK_OFF_MS = 1_000;
const LOGOUT_FAILURES = 5;

/**
 * The rules of `src/core/machine`, written once more in TypeScript, without what needs other tabs, locks or a page that
 * sleeps. `tests/contract` holds both to the same behaviour.
 */
export class Machine {
  readonly #policy: Policy;
  readonly #world: World;
  readonly #clock: TestClock;
  readonly #random: () => number;
  readonly #requests = new Requests();
  readonly #trouble = new Trouble();
  readonly #timers: Timers<Timer>;
  #state: State = "restoring";
  #version: Version = { epoch: 0, generation: 0 };
  /** As whom the app was last seen signed in. */
  #identity: Identity | undefined;
  /** What is under way: at most one of both. */
  #refreshing: Attempt | undefined;
  #leaving: Farewell | undefined;
  /** An attempt given up on, whose answer may still come. */
  #overdue: Attempt | undefined;
  /** A token newer than this is wanted. */
  #wanted: Version | undefined;
  /** Who waits for that. */
  #calls: Call[] = [];
  #signIns: Call[] = [];
  #farewell: Farewell | undefined;
  /** One that is to be tried again. */
  #kept: Farewell | undefined;
  #isReady = false;
  #isDisposed = false;
  #isVisible = true;
  #aheadIsDue = false;

  constructor(policy: Policy, world: World, clock: TestClock, random: () => number) {
    this.#policy = policy;
    this.#world = world;
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#random = random;
  }

  get state(): State {
    return this.#state;
  }

  start(): void {
    if (this.#policy.restore) {
      this.#wantRefresh();
    } else {
      this.#state = "signed-out";
      this.#world.emit("change");
      this.#becomeReady();
    }
  }

  /** When {@link Machine.timeout} is to be called. */
  get nextTimeout(): number | undefined {
    this.#bePatient();
    return this.#timers.next;
  }

  refresh(call: Call): void {
    if (this.#isSignedOut) return this.#world.settle(call, { code: "session-ended" });
    this.#calls.push(call);
    const failure = this.#demandRefresh();
    if (failure) this.#settleCalls({ code: "refresh-failed", failure });
  }

  signIn(call: Call, grant?: Grant): void {
    this.#trouble.openGate();
    this.#forgetUnsentLogout();
    if (grant) {
      this.#adoptGrant(grant, true);
      this.#world.settle(call);
    } else {
      this.#signIns.push(call);
      this.#pursue();
    }
  }

  logout(call: Call): void {
    const session = this.#session;
    if (session) this.#state = "restoring";
    this.#callOffSignIns();
    const policy = this.#policy.logout;
    if (policy) {
      const underWay = this.#leaving;
      const joins = underWay && !session && !underWay.isLastTry;
      const farewell = joins ? underWay : (this.#farewell ??= this.#takeKept() ?? newFarewell());
      farewell.failures = 0;
      farewell.isWarnedOf = false;
      farewell.calls.push(call);
      if (policy.withToken && session) farewell.session = session;
    }
    this.#signOut("logout", { epoch: this.#version.epoch + 1, generation: END });
    if (policy) return;
    this.#world.settle(call);
    this.#world.emit("warning", "logout-unconfirmed");
  }

  /** The app wants to send a request that may carry the token. */
  request(request: HeldRequest): void {
    this.#requests.add(request, this.#identity);
    this.#resumeWaiting();
  }

  /** A request has been answered with what counts as a rejection of its token. */
  rejected(request: HeldRequest, challenge: Challenge, isReplayable: boolean): void {
    if (this.#isDisposed) return;
    if (typeof challenge === "object") this.#stepUp(challenge);
    const entry = this.#requests.find(request);
    if (!entry) return;
    if (entry.sentWith && challenge === "refreshable" && isReplayable && !entry.isReplayed) {
      entry.phase = "rejected";
      this.#resumeWaiting();
    } else {
      this.#requests.remove(request);
      request.deliver();
    }
  }

  /** A request has been answered, has failed, or was aborted. */
  over(request: HeldRequest): void {
    this.#requests.remove(request);
  }

  timeout(): void {
    this.#timers.ring((timer) => this.#ring(timer));
  }

  answered(attempt: Attempt, answer: Answer): void {
    if (this.#isDisposed) return;
    if (this.#refreshing === attempt) {
      this.#timers.stop("attempt");
      this.#conclude(attempt, answer);
    } else if (this.#overdue === attempt) {
      this.#overdue = undefined;
      const counts = isEqual(this.#version, attempt.known) && attempt.purpose !== "farewell";
      if (isGranted(answer) && counts) this.#adoptGrant(answer.grant, attempt.purpose === "sign-in");
    }
  }

  loggedOut(farewell: Farewell, isConfirmed: boolean): void {
    if (this.#isDisposed || this.#leaving !== farewell) return;
    this.#timers.stop("attempt");
    this.#leaving = undefined;
    for (const call of farewell.calls.splice(0)) this.#world.settle(call);
    if (!isConfirmed) this.#warnOf(farewell);
    if (!isConfirmed && !farewell.isLastTry) {
      farewell.failures++;
      const wait = LOGOUT_BACK_OFF_MS * 2 ** farewell.failures * (0.5 + 0.5 * this.#random());
      if (farewell.failures < LOGOUT_FAILURES) this.#timers.set("logoutAgain", Math.floor(wait));
      this.#kept = farewell;
    }
    this.#pursue();
  }

  visibility(isVisible: boolean): void {
    if (this.#isDisposed) return;
    this.#isVisible = isVisible;
    if (isVisible) this.#wake();
  }

  /** The network is back. */
  online(): void {
    if (this.#isDisposed) return;
    const { last } = this.#trouble;
    if (last && !((last.status ?? 0) >= 400)) {
      this.#trouble.openGate();
      this.#timers.stop("retry");
    }
    if (this.#kept) {
      this.#kept.failures = 0;
      this.#logOutAgain();
    }
    this.#wake();
  }

  /** Another tab has signed somebody in: the token that is here counts no more. */
  heardOfSignIn(): void {
    if (this.#isDisposed || this.#state === "restoring") return;
    this.#state = "restoring";
    this.#timers.stop("ahead");
    this.#world.emit("change");
  }

  /** Another tab has a new token. */
  heardOfToken(grant: Grant, isSignIn: boolean): void {
    if (this.#isDisposed) return;
    this.#forgetUnsentLogout();
    this.#adoptGrant(grant, isSignIn);
  }

  /** Another tab has logged out. */
  heardOfLogout(): void {
    if (this.#isDisposed) return;
    this.#callOffSignIns();
    this.#signOut("elsewhere", { epoch: this.#version.epoch + 1, generation: END });
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const problem: Problem = { code: "disposed" };
    for (const { request } of this.#requests.takeAll()) request.refuse(problem);
    const { refreshing, leaving } = this.#takeWaitingCalls();
    for (const call of [...refreshing, ...leaving]) this.#world.settle(call, problem);
    this.#state = "signed-out";
    this.#refreshing = this.#leaving = this.#wanted = this.#farewell = this.#kept = undefined;
    this.#timers.stopAll();
    this.#becomeReady();
  }

  #ring(timer: Timer): void {
    switch (timer) {
      case "attempt":
        return this.#attemptIsOverdue();
      case "retry":
        return this.#retry();
      case "ahead":
        return this.#refreshAhead();
      case "patience":
        return this.#patienceIsOver();
      case "logoutAgain":
        return this.#logOutAgain();
    }
  }

  // Refreshing.

  #wantRefresh(): void {
    this.#wanted = this.#version;
    this.#pursue();
  }

  /** Something cannot go on without a newer token. Returns why it will not come for longer than anyone should wait. */
  #demandRefresh(): Failure | undefined {
    if (this.#refreshIsWanted && this.#isBusy) return undefined;
    const wait = this.#trouble.wait(true, this.#clock.now);
    if (wait > this.#policy.timeout) return this.#trouble.last;
    if (wait === 0) this.#wantRefresh();
    else this.#timers.set("retry", wait);
    return undefined;
  }

  get #refreshIsWanted(): boolean {
    if (!this.#wanted) return false;
    if (this.#state === "signed-out") return !this.#isSignedOut;
    return this.#state === "restoring" || !isAfter(this.#version, this.#wanted);
  }

  /** One errand at a time. */
  #pursue(): void {
    if (this.#isBusy || this.#isDisposed) return;
    if (this.#farewell) {
      const farewell = this.#farewell;
      this.#farewell = undefined;
      this.#sayFarewell(farewell);
    } else if (this.#signIns.length > 0) {
      this.#sendRefresh("sign-in", this.#signIns.splice(0));
    } else if (this.#refreshIsWanted) {
      const wait = this.#trouble.wait(this.#someoneWantsAToken, this.#clock.now);
      if (wait > 0 && this.#trouble.last) this.#waitForTheGate(this.#trouble.last);
      else this.#sendRefresh("renewal", []);
    }
  }

  get #isBusy(): boolean {
    return this.#refreshing !== undefined || this.#leaving !== undefined;
  }

  #sendRefresh(purpose: Attempt["purpose"], calls: Call[]): void {
    const attempt = { purpose, calls, known: this.#version };
    this.#refreshing = attempt;
    this.#timers.set("attempt", this.#policy.timeout);
    this.#world.sendRefresh(attempt);
  }

  #attemptIsOverdue(): void {
    if (this.#leaving) return this.loggedOut(this.#leaving, false);
    const attempt = this.#refreshing;
    if (!attempt) return;
    this.#overdue = attempt;
    this.#conclude(attempt, { failure: { kind: "timeout" } });
  }

  #conclude(attempt: Attempt, answer: Answer): void {
    this.#refreshing = undefined;
    const isSignIn = attempt.purpose === "sign-in";
    const calls = attempt.calls.splice(0);
    const isLastWord = isEqual(this.#version, attempt.known) && !this.#farewell && this.#signIns.length === 0;
    if (attempt.purpose === "farewell") {
      const session = isGranted(answer) ? new Session(answer.grant, this.#version, this.#clock.now) : undefined;
      if (this.#farewell && session) this.#farewell.session = session;
    } else if (isGranted(answer) && this.#accepts(attempt)) {
      this.#adoptGrant(answer.grant, isSignIn);
      for (const call of calls) this.#world.settle(call);
    } else if (isFailed(answer) && (isSignIn || this.#refreshIsWanted)) {
      this.#refreshFailed(answer.failure, answer.retryAfter, calls);
    } else {
      for (const call of calls) this.#world.settle(call, { code: "session-ended" });
      if (answer === "ended" && isLastWord) this.#signOut("ended", { ...this.#version, generation: END });
    }
    this.#pursue();
  }

  /** Whether a token that has been granted is of a session that still counts. */
  #accepts({ purpose, known }: Attempt): boolean {
    const isOver = this.#isEnded && !isEqual(this.#version, known);
    if (purpose === "sign-in") return !isOver;
    return this.#version.epoch === known.epoch && !isOver && !this.#isSignedOut;
  }

  #refreshFailed(failure: Failure, retryAfter: number | undefined, calls: Call[]): void {
    const someoneWaits = calls.length > 0 || this.#someoneWantsAToken;
    this.#trouble.add(failure, retryAfter, someoneWaits, this.#random, this.#clock.now);
    for (const call of calls) this.#world.settle(call, { code: "refresh-failed", failure });
    this.#waitForTheGate(failure);
  }

  #waitForTheGate(failure: Failure): void {
    const wait = this.#trouble.wait(false, this.#clock.now);
    this.#timers.set("retry", wait);
    this.#wanted = undefined;
    this.#world.emit("refresh-failed", this.#trouble.failures, wait, failure.status);
    this.#settleCalls({ code: "refresh-failed", failure });
    this.#giveUpWaiting(failure);
    this.#becomeReady();
  }

  /** Whoever waits for it, or looks at the page, gets another try. */
  #retry(): void {
    const someoneWaits = this.#someoneWantsAToken;
    const someoneLooks = this.#isVisible && this.#state !== "signed-out";
    if (!someoneWaits && !someoneLooks) return;
    const wait = this.#trouble.wait(someoneWaits, this.#clock.now);
    if (wait === 0) this.#wantRefresh();
    else this.#timers.set("retry", wait);
  }

  #refreshAhead(): void {
    this.#aheadIsDue = !this.#isVisible;
    if (this.#isVisible && this.#trouble.wait(false, this.#clock.now) === 0) this.#wantRefresh();
  }

  #wake(): void {
    if (this.#isVisible && this.#aheadIsDue) this.#refreshAhead();
    const isWaiting = this.#state === "restoring" || this.#trouble.failures > 0;
    if (isWaiting && !this.#timers.isSet("retry")) this.#retry();
  }

  // How a session begins, goes on and ends.

  #adoptGrant(grant: Grant, isSignIn: boolean): void {
    const { epoch, generation } = this.#version;
    const [one, other] = [this.#session?.grant.claims?.subject, grant.claims?.subject];
    const goesOn = !isSignIn && this.#session && (one === undefined || other === undefined || one === other);
    const version = goesOn ? { epoch, generation: generation + 1 } : { epoch: epoch + 1, generation: 1 };
    this.#adopt(new Session(grant, version, this.#clock.now));
  }

  #adopt(session: Session): void {
    const { identity } = session;
    const isRenewed = this.#session && this.#identity && isSame(this.#identity, identity);
    this.#version = session.version;
    this.#identity = identity;
    this.#state = session;
    this.#trouble.clear();
    this.#timers.stop("retry");
    this.#armAhead(session);
    this.#world.emit("change");
    this.#world.emit(isRenewed ? "refreshed" : "signed-in");
    this.#becomeReady();
    this.#settleCalls();
    this.#resumeWaiting();
    this.#pursue();
  }

  /** At a random point of [0.5, 0.9] of its life. */
  #armAhead({ grant: { lifetime } }: Session): void {
    this.#aheadIsDue = false;
    this.#timers.stop("ahead");
    if (lifetime !== undefined) this.#timers.set("ahead", Math.floor(lifetime * (0.5 + 0.4 * this.#random())));
  }

  #signOut(reason: string, version: Version): void {
    const hadSomebody = this.#identity !== undefined;
    const wasOut = this.#state === "signed-out";
    this.#identity = undefined;
    this.#state = "signed-out";
    this.#version = version;
    this.#overdue = this.#wanted = undefined;
    this.#timers.stop("ahead", "retry");
    if (!wasOut) this.#world.emit("change");
    if (hadSomebody) this.#world.emit("signed-out", reason);
    this.#settleCalls({ code: "session-ended" });
    this.#becomeReady();
    this.#resumeWaiting();
    this.#pursue();
  }

  get #session(): Session | undefined {
    return this.#state instanceof Session ? this.#state : undefined;
  }

  get #isEnded(): boolean {
    return this.#version.generation === END;
  }

  /** Signed out for good, unlike a tab that has not tried yet. */
  get #isSignedOut(): boolean {
    return this.#state === "signed-out" && this.#isEnded;
  }

  // Logging out.

  #sayFarewell(farewell: Farewell): void {
    if (farewell.session && !farewell.session.isValid(this.#clock.now)) {
      farewell.session = undefined;
      this.#farewell = farewell;
      return this.#sendRefresh("farewell", []);
    }
    this.#leaving = farewell;
    this.#timers.set("attempt", this.#policy.timeout);
    this.#world.sendLogout(farewell, farewell.session?.grant.token);
  }

  #logOutAgain(): void {
    const kept = this.#takeKept();
    if (!kept) return;
    this.#timers.stop("logoutAgain");
    this.#farewell ??= kept;
    this.#pursue();
  }

  /** Somebody has signed in since: the logout request would end the wrong session. */
  #forgetUnsentLogout(): void {
    this.#timers.stop("logoutAgain");
    if (this.#leaving) this.#leaving.isLastTry = true;
    for (const farewell of [this.#farewell, this.#takeKept()]) {
      if (!farewell) continue;
      for (const call of farewell.calls.splice(0)) this.#world.settle(call);
      this.#warnOf(farewell);
    }
    this.#farewell = undefined;
  }

  #warnOf(farewell: Farewell): void {
    if (!farewell.isWarnedOf) this.#world.emit("warning", "logout-unconfirmed");
    farewell.isWarnedOf = true;
  }

  #takeKept(): Farewell | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  #callOffSignIns(): void {
    const calls = this.#signIns.splice(0);
    const attempt = this.#refreshing;
    if (attempt) {
      calls.push(...attempt.calls.splice(0));
      attempt.known = { epoch: -1, generation: 0 };
      if (attempt.purpose === "sign-in") attempt.purpose = "renewal";
    }
    for (const call of calls) this.#world.settle(call, { code: "session-ended" });
  }

  // The app's requests.

  #resumeWaiting(): void {
    if (!this.#requests.anyWaiting) return;
    for (const entry of this.#requests.waiting) {
      const verdict = this.#requests.verdict(entry, this.#state, this.#clock.now, {
        isComing: this.#refreshIsWanted,
        isHeldUp: this.#trouble.wait(true, this.#clock.now) > 0,
      });
      if (verdict !== "wait") this.#requests.carryOut(verdict, entry, this.#session);
    }
    const failure = this.#requests.anyWaiting ? this.#demandRefresh() : undefined;
    if (failure) this.#giveUpWaiting(failure);
  }

  /** No newer token is to be had for now. While the old one is valid, that disturbs nobody. */
  #giveUpWaiting(failure: Failure): void {
    const session = this.#session?.isValid(this.#clock.now) ? this.#session : undefined;
    for (const entry of this.#requests.waiting) {
      const isOfAnother = session && entry.identity && !isSame(entry.identity, session.identity);
      if (entry.phase === "held" && session && !isOfAnother) {
        this.#requests.carryOut("send", entry, session);
      } else {
        const isOver = entry.phase === "held" && isOfAnother;
        this.#requests.carryOut(
          isOver ? { code: "session-ended" } : { code: "refresh-failed", failure },
          entry,
          session,
        );
      }
    }
  }

  #stepUp({ acrValues, maxAge }: StepUp): void {
    this.#world.emit("step-up", acrValues, maxAge);
  }

  // Who waits, and for how long.

  get #someoneWantsAToken(): boolean {
    return this.#calls.length > 0 || this.#requests.anyWaiting;
  }

  #settleCalls(problem?: Problem): void {
    for (const call of this.#calls.splice(0)) this.#world.settle(call, problem);
  }

  #bePatient(): void {
    if (!this.#someoneWaits || this.#isDisposed) this.#timers.stop("patience");
    else if (!this.#timers.isSet("patience")) this.#timers.set("patience", this.#policy.timeout * 3 + 15_000);
  }

  #patienceIsOver(): void {
    const failure: Failure = { kind: "timeout" };
    const { refreshing, leaving } = this.#takeWaitingCalls();
    for (const call of refreshing) this.#world.settle(call, { code: "refresh-failed", failure });
    for (const call of leaving) this.#world.settle(call);
    if (leaving.length > 0) this.#world.emit("warning", "logout-unconfirmed");
    this.#giveUpWaiting(failure);
    this.#becomeReady();
    this.#pursue();
  }

  get #someoneWaits(): boolean {
    const calls = [this.#refreshing?.calls, this.#leaving?.calls, this.#signIns, this.#farewell?.calls];
    return calls.some((list) => list && list.length > 0) || !this.#isReady || this.#someoneWantsAToken;
  }

  #takeWaitingCalls(): { refreshing: Call[]; leaving: Call[] } {
    const underWay = this.#refreshing?.calls.splice(0) ?? [];
    const refreshing = [...this.#calls.splice(0), ...this.#signIns.splice(0), ...underWay];
    const leaving: Call[] = [];
    for (const farewell of [this.#farewell, this.#leaving]) {
      if (!farewell || farewell.calls.length === 0) continue;
      farewell.isWarnedOf = true;
      leaving.push(...farewell.calls.splice(0));
    }
    return { refreshing, leaving };
  }

  #becomeReady(): void {
    if (!this.#isReady) this.#world.ready();
    this.#isReady = true;
  }
}
