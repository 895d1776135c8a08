import type { TokenManagerOptions, ResponseShape } from "../options.ts";
import { turn } from "./clock.ts";
import { Gates } from "./gates.ts";
import { answerTo, type Reply, type Route, Routes } from "./routes.ts";
import { encodeToken, tokenResponse } from "./tokens.ts";

/** Whoever signs in: a subject, or the claims that their tokens are to have. */
export type Person<Claims> = string | Partial<Given<Claims>>;

/** Says nothing of what `Claims` are to be inferred as: they are what a real manager's would be. */
type Given<Claims> = [Claims][Claims extends unknown ? 0 : never];

/** How the auth endpoints are to fail. */
export interface Fault {
  /** The status that they answer with. */
  status: number;
  /** `Retry-After`, in seconds. Default: none. */
  retryAfter?: number;
  /** How many requests fail. Default: all, until {@link TestBackend.recover}. */
  times?: number;
}

/** What a {@link TestBackend} goes by: where the auth endpoints are, and what their answers look like. */
export type BackendOptions = Partial<Pick<TokenManagerOptions, "refresh" | "logout" | "signIn">> & {
  /** The lifetime of its tokens, in seconds; `null`: it does not say. Default: 300. */
  expiresIn?: number | null;
  /** Whether its tokens are opaque rather than JWTs: then there are no claims. Default: `false`. */
  opaque?: boolean;
};

interface BackendClock {
  readonly now: number;
  watch<T>(promise: Promise<T>): Promise<T>;
}

/**
 * A backend that is a few objects in memory. It answers the refresh and the logout endpoint, and every other URL as an
 * API does: 200 with a token that it has issued, 401 without.
 */
export class TestBackend<Claims = unknown> {
  /** The lifetime of the tokens that it will issue, in seconds; `null`: it does not say. */
  expiresIn: number | null;
  /** All that has been sent to it, oldest first. Their bodies can be read. */
  readonly requests: Request[] = [];
  readonly #options: BackendOptions;
  readonly #clock: BackendClock;
  readonly #routes = new Routes();
  readonly #gates = new Gates();
  /** Who is signed in: what the session cookie stands for. */
  #session: object | undefined;
  /** The tokens that it takes, and when they expire. */
  readonly #live = new Map<string, number>();
  #issued = 0;
  #isOffline = false;
  #fault: Fault | undefined;

  /** @internal */
  constructor(options: BackendOptions, clock: BackendClock) {
    const { expiresIn = 300 } = options;
    this.expiresIn = expiresIn;
    this.#options = options;
    this.#clock = clock;
  }

  /** Takes the place of `fetch`. */
  readonly fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    this.requests.push(request.clone());
    return unlessAborted(request, this.#answerInTime(request));
  };

  /**
   * Says what an API answers: a `Response`, or anything else that is then sent as JSON, or a function that makes one of
   * them. Only a valid token gets to it, unless it `isPublic`; without one, the answer is 401.
   *
   * @param route a URL or path, such as `/api/me`, with a method before it if it matters: `POST /api/me`. The query does
   * not matter. `*` is everything.
   */
  respond(route: Route, reply: Reply, { isPublic = false }: { isPublic?: boolean } = {}): void {
    this.#routes.add(route, reply, isPublic);
  }

  /** Those of {@link TestBackend.requests} that went to this URL or path. */
  requestsTo(route: Route): Request[] {
    return this.requests.filter((request) => answerTo(route, request));
  }

  /**
   * Signs somebody in, as the login endpoint does: there is a session cookie from now on. Returns that endpoint's
   * response: `await tokens.signIn(backend.signIn("alice"))`.
   */
  signIn(person: Person<Claims>): Response {
    this.#live.clear();
    this.#session = typeof person === "string" ? { sub: person } : person;
    return this.#issue(this.#options.signIn?.response ?? this.#refreshShape);
  }

  /** Ends the session: its tokens are rejected, and the next refresh is told that there is none. */
  endSession(): void {
    this.#session = undefined;
    this.#live.clear();
  }

  /** From now on, APIs reject all tokens that have been issued so far. The session goes on. */
  rejectTokens(): void {
    this.#live.clear();
  }

  /** Makes the auth endpoints fail. */
  fail(fault: Fault): void {
    this.#fault = { ...fault };
  }

  /** Ends what {@link TestBackend.fail} began. */
  recover(): void {
    this.#fault = undefined;
  }

  /** Every request fails, as without a network. */
  goOffline(): void {
    this.#isOffline = true;
  }

  /** The network is back; the manager is told, as a page would be. */
  goOnline(): void {
    this.#isOffline = false;
    this.whenOnline();
  }

  /**
   * Holds back all answers to a URL or path, or to every request, that have not been given yet. Returns what lets them go.
   * `clock.advance()` does not wait for them.
   */
  hold(route: Route = "*"): () => void {
    return this.#gates.close(route);
  }

  /** Whether somebody is signed in. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** @internal */
  whenOnline = (): void => {};

  /** What the refresh endpoint answers somebody who is signed in. @internal */
  renew(): Response {
    return this.#issue(this.#refreshShape);
  }

  get #refreshShape(): ResponseShape | undefined {
    const { refresh } = this.#options;
    return isRequest(refresh) ? refresh.response : undefined;
  }

  async #answerInTime(request: Request): Promise<Response> {
    // Whoever has just been given a manager can listen to it before the first answer comes, as in a page.
    await this.#clock.watch(turn().then(turn));
    await this.#gates.opened(request);
    if (this.#isOffline) throw new TypeError("Failed to fetch");
    return this.#clock.watch(Promise.resolve(this.#answer(request)));
  }

  #answer(request: Request): Response | Promise<Response> {
    const isRefresh = answerTo(urlOf(this.#options.refresh ?? "/auth/refresh"), request);
    const isLogout = answerTo(urlOf(this.#options.logout ?? "/auth/logout"), request);
    if (isRefresh || isLogout) return this.#failed() ?? (isRefresh ? this.#refreshed() : this.#loggedOut());
    return this.#routes.answer(request, () => this.#accepts(request));
  }

  #failed(): Response | undefined {
    if (!this.#fault) return undefined;
    const { status, retryAfter, times = Infinity } = this.#fault;
    if (times <= 1) this.#fault = undefined;
    else this.#fault.times = times - 1;
    return new Response(null, {
      status,
      headers: retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) },
    });
  }

  #refreshed(): Response {
    return this.#session ? this.renew() : new Response(null, { status: 401 });
  }

  #loggedOut(): Response {
    this.endSession();
    return new Response(null, { status: 204 });
  }

  #issue(shape: ResponseShape | undefined): Response {
    const { opaque = false } = this.#options;
    const number = ++this.#issued;
    const token = opaque ? `fake-token-${number}` : encodeToken(this.#session ?? {}, number);
    this.#live.set(token, this.expiresIn === null ? Infinity : this.#clock.now + this.expiresIn * 1_000);
    return Response.json(tokenResponse(token, this.expiresIn, shape));
  }

  #accepts(request: Request): boolean {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.get("Authorization") ?? "") ?? [];
    return this.#clock.now < (this.#live.get(token) ?? -Infinity);
  }
}

function unlessAborted({ signal }: Request, answer: Promise<Response>): Promise<Response> {
  answer.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([answer, aborted]);
}

function urlOf(option: NonNullable<BackendOptions["refresh"] | BackendOptions["logout"]>): string {
  return String(isRequest(option) ? option.url : option);
}

function isRequest<T extends object>(option: string | URL | T | undefined): option is T {
  return typeof option === "object" && !(option instanceof URL);
}
