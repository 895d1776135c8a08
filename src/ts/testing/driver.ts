import { Endpoint, given, Outgoing, read } from "../../web/browser.js";
import { challengeOf } from "./challenge.ts";
import { type AuthRequest, check, type Config, type Shape, URL_PROBLEM } from "./config.ts";
import type { Hooks, Surroundings } from "./glue.ts";
import { Machine } from "./machine.ts";
import { location } from "./page.ts";
import type { HeldRequest } from "./requests.ts";
import { type Grant, grantOf, Session } from "./session.ts";
import type { Failure } from "./trouble.ts";
import type { Answer, Attempt, Call, Farewell, Problem, World } from "./world.ts";

/** Does what the machine wants done, by the code that does it in a page: as `src/web/driver.rs` and `effects.rs`. */
export class Driver implements World {
  readonly #config: Config;
  readonly #hooks: Hooks;
  readonly #clock: Surroundings["clock"];
  readonly #machine: Machine;
  readonly #refreshEndpoint: Endpoint;
  readonly #logoutEndpoint: Endpoint | undefined;
  readonly #origins: string[];
  #waitingForReady: Call[] | undefined = [];
  #events: [type: string, values: unknown[]][] = [];
  #isTelling = false;
  #isDisposed = false;
  #stopAlarm = () => {};

  constructor(config: Config, hooks: Hooks, { clock, random }: Surroundings) {
    const { refresh, logout, restore, attachTo } = config;
    this.#config = config;
    this.#hooks = hooks;
    this.#clock = clock;
    this.#refreshEndpoint = endpointOf(refresh, "refresh.url");
    this.#logoutEndpoint = logout && endpointOf(logout, "logout.url");
    this.#origins = attachTo ?? [location.origin];
    this.#machine = new Machine({ timeout: refresh.timeout, restore, logout }, this, clock, random);
  }

  /** Gives the machine an input, then tells what has come of it. */
  drive(input: (machine: Machine) => void): void {
    if (this.#isDisposed) return;
    input(this.#machine);
    this.#stopAlarm();
    const next = this.#machine.nextTimeout;
    if (next !== undefined) this.#stopAlarm = this.#clock.at(next, () => this.drive((machine) => machine.timeout()));
    this.#tell();
  }

  start(): void {
    this.drive((machine) => machine.start());
  }

  whenReady(call: Call): void {
    if (this.#waitingForReady) this.#waitingForReady.push(call);
    else call.resolve();
  }

  fetch(input: RequestInfo | URL, init: RequestInit | undefined, call: Call): void {
    let outgoing: Outgoing;
    try {
      outgoing = new Outgoing(input, init);
    } catch (error) {
      return call.reject(error);
    }
    const endpoints = [this.#refreshEndpoint, ...(this.#logoutEndpoint ? [this.#logoutEndpoint] : [])];
    if (outgoing.isFor(this.#origins, endpoints)) this.#enqueue(outgoing, call);
    else outgoing.pass(this.#config.fetch).then(call.resolve, call.reject);
  }

  signIn(returned: unknown, call: Call): void {
    const paths = pathsOf(this.#config.signIn);
    if (returned === undefined) this.drive((machine) => machine.signIn(call));
    else if (returned instanceof Response) {
      void this.#clock.watch(read(returned, ...paths)).then((answer) => this.#signedIn(answer, call));
    } else this.#signedIn(given(returned, ...paths), call);
  }

  refresh(call: Call): void {
    this.drive((machine) => machine.refresh(call));
  }

  logout(call: Call): void {
    this.drive((machine) => machine.logout(call));
  }

  /** Another tab has got this response from the login or the refresh endpoint. */
  async hear(response: Response, how: "signIn" | "refresh"): Promise<void> {
    const shape = how === "signIn" ? this.#config.signIn : this.#config.refresh.response;
    const grant = this.#granted(await read(response, ...pathsOf(shape)), shape);
    if ("kind" in grant) return;
    if (how === "signIn") this.drive((machine) => machine.heardOfSignIn());
    this.drive((machine) => machine.heardOfToken(grant, how === "signIn"));
  }

  accessToken(call: Call): void {
    const wish: HeldRequest = {
      send: (token) => {
        this.#machine.over(wish);
        call.resolve(token ?? null);
      },
      deliver: () => {},
      refuse: (problem) => call.reject(this.#error(problem)),
    };
    this.drive((machine) => machine.request(wish));
  }

  dispose(): void {
    this.drive((machine) => machine.dispose());
    this.#isDisposed = true;
    this.#stopAlarm();
  }

  emit(type: string, ...values: unknown[]): void {
    this.#events.push([type, values]);
  }

  ready(): void {
    for (const call of this.#waitingForReady ?? []) call.resolve();
    this.#waitingForReady = undefined;
  }

  settle(call: Call, problem?: Problem): void {
    if (problem) call.reject(this.#error(problem));
    else call.resolve();
  }

  sendRefresh(attempt: Attempt): void {
    const { response, ended } = this.#config.refresh;
    const asked = this.#refreshEndpoint.ask(this.#config.fetch, ...pathsOf(response));
    const answered = asked.then(
      (answer) => this.#read(answer, response, ended),
      (cause): Answer => ({ failure: { kind: "network", cause } }),
    );
    void answered.then((answer) => this.drive((machine) => machine.answered(attempt, answer)));
  }

  #read(answer: unknown[], shape: Shape, ended: number[]): Answer {
    const grant = this.#granted(answer, shape);
    if (!("kind" in grant)) return { grant };
    if (ended.includes(grant.status ?? 0)) return "ended";
    const wait = answer[1];
    return { failure: grant, retryAfter: typeof wait === "number" && wait >= 0 ? Math.trunc(wait) : undefined };
  }

  sendLogout(farewell: Farewell, token: string | undefined): void {
    const left = this.#logoutEndpoint?.leave(this.#config.fetch, token) ?? Promise.resolve(false);
    const confirmed = left.catch(() => false);
    void confirmed.then((isConfirmed) => this.drive((machine) => machine.loggedOut(farewell, isConfirmed)));
  }

  #enqueue(outgoing: Outgoing, call: Call): void {
    const finish = (settle: () => void) => {
      outgoing.close();
      settle();
    };
    const over = (settle: () => void) => {
      finish(settle);
      this.drive((machine) => machine.over(held));
    };
    const answered = (response: Response) => {
      const { challenge } = outgoing;
      if (challenge === undefined) over(() => call.resolve(response));
      else this.drive((machine) => machine.rejected(held, challengeOf(challenge), outgoing.replayable));
    };
    const held: HeldRequest = {
      send: (token) => {
        const sent = outgoing.send(this.#config.fetch, token, this.#config.rejected);
        sent.then(answered, (error) => over(() => call.reject(error)));
      },
      deliver: () => finish(() => call.resolve(outgoing.rejected)),
      refuse: (problem) => finish(() => call.reject(this.#error(problem))),
    };
    outgoing.open(() => over(() => call.reject(outgoing.reason)));
    this.drive((machine) => machine.request(held));
  }

  #signedIn(answer: unknown[], call: Call): void {
    const grant = this.#granted(answer, this.#config.signIn);
    if ("kind" in grant) call.reject(this.#error({ code: "refresh-failed", failure: grant }));
    else this.drive((machine) => machine.signIn(call, grant));
  }

  #granted(answer: unknown[], { unit }: Shape): Grant | Failure {
    const status = answer[0] as number;
    if (status < 200 || status > 299) return { kind: "status", status };
    return grantOf(answer.slice(2), unit, this.#clock.now) ?? { kind: "malformed", status };
  }

  /** Tells the listeners, one event after the other, even if a listener causes more. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#events.shift(); next; next = this.#events.shift()) {
      const [type, values] = next;
      if (type === "change") this.#pushSnapshot();
      this.#hooks.event(type, values);
    }
    this.#isTelling = false;
  }

  #pushSnapshot(): void {
    const { state } = this.#machine;
    if (state instanceof Session) this.#hooks.snapshot("signed-in", state.grant.claims?.json, state.expiresAt);
    else this.#hooks.snapshot(state, undefined, undefined);
  }

  #error(problem: Problem): Error {
    const { code } = problem;
    if (code !== "refresh-failed") return this.#hooks.error(code, messages[code], undefined, undefined);
    const { kind, status, cause } = problem.failure;
    return this.#hooks.error(code, messages[kind], status, cause);
  }
}

/** As `src/core/error.rs` says it. */
const messages = {
  "session-ended": "there is no session: sign in",
  disposed: "the token manager has been disposed of",
  network: "the refresh got no answer",
  timeout: "the refresh got no answer in time",
  status: "the answer has an error status",
  malformed: "the answer holds no token where `response.token` says it is",
};

function endpointOf({ url, method, headers, body, credentials, csrf }: AuthRequest, option: string): Endpoint {
  let endpoint: Endpoint | undefined;
  try {
    endpoint = new Endpoint(url, method, headers, body, credentials, csrf);
  } catch {
    check(false, option, URL_PROBLEM);
  }
  check(endpoint!.isHttp, option, "must be an http or https URL");
  return endpoint!;
}

function pathsOf({ token, expiresIn, expiresAt }: Shape): string[] {
  return [token, expiresIn, expiresAt];
}
