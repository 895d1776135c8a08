import type { RefreshOptions, ResponseShape, TokenManagerOptions } from "../options.ts";
import { checked, flag, isDuration } from "../reading.ts";
import type { TestClock } from "./clock.ts";
import { Gates } from "./gates.ts";
import { Request, turn } from "./real.ts";
import { answerTo, type Reply, type Route, responseOf } from "./routes.ts";
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
  expiresIn?: number | null | undefined;
  /** Whether its tokens are opaque rather than JWTs: then there are no claims. Default: `false`. */
  opaque?: boolean | undefined;
};

type Endpoint = Pick<RefreshOptions, "url" | "response">;

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
  readonly #refresh: Endpoint;
  readonly #logout: Endpoint;
  readonly #now: () => number;
  readonly #watch: TestClock["watch"];
  readonly #whenOnline: () => void;
  /** What the APIs answer, and whether to everybody. What was said last comes first. */
  readonly #replies: [route: Route, reply: Reply, isPublic: boolean][] = [];
  readonly #gates = new Gates();
  /** Who is signed in: what the session cookie stands for. */
  #session: object | undefined;
  /** The tokens that it takes, and when they expire. */
  readonly #live = new Map<string, number>();
  #issued = 0;
  #isOffline = false;
  #fault: Fault | undefined;

  /** @internal */
  constructor(options: BackendOptions, now: () => number, whenOnline = () => {}, watch?: TestClock["watch"]) {
    const { expiresIn = 300, opaque = false } = options;
    checked(expiresIn, "expiresIn", expiresIn === null || isDuration(expiresIn), "must be seconds, or null");
    flag(opaque, "opaque");
    this.expiresIn = expiresIn;
    this.#options = options;
    this.#refresh = endpoint(options.refresh ?? "/auth/refresh");
    this.#logout = endpoint(options.logout ?? "/auth/logout");
    this.#now = now;
    this.#watch = watch ?? ((promise) => promise);
    this.#whenOnline = whenOnline;
  }

  /** Takes the place of `fetch`. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    this.requests.push(request.clone());
    const aborted = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    return Promise.race([this.#answerInTime(request), aborted]);
  };

  /**
   * Says what an API answers: a `Response`, or anything else that is then sent as JSON, or a function that makes one of
   * them. Only a valid token gets to it, unless it `isPublic`; without one, the answer is 401.
   *
   * @param route a URL or path without its query, and a method before it if that matters: `POST /api/me`. `*` is all.
   */
  respond(route: Route, reply: Reply, { isPublic = false }: { isPublic?: boolean } = {}): void {
    this.#replies.unshift([route, reply, isPublic]);
  }

  /** Those of {@link TestBackend.requests} that went to this URL or path. */
  requestsTo(route: Route): Request[] {
    return this.requests.filter((request) => answerTo(route, request));
  }

  /** Signs somebody in, as the login endpoint does. Returns its response, for `tokens.signIn()`. */
  signIn(person: Person<Claims>): Response {
    this.#live.clear();
    this.#session = typeof person === "string" ? { sub: person } : person;
    return this.#issue(this.#options.signIn?.response ?? this.#refresh.response);
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
    this.#fault = fault;
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
    this.#whenOnline();
  }

  /** Holds back all answers to a URL or path, or to everything: the clock goes on. Returns what lets them go. */
  hold(route: Route = "*"): () => void {
    return this.#gates.close(route);
  }

  /** Whether somebody is signed in. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  async #answerInTime(request: Request): Promise<Response> {
    // Whoever has just been given a manager can listen to it before the first answer comes, as in a page.
    await this.#watch(turn().then(turn));
    await this.#gates.opened(request);
    if (this.#isOffline) throw new TypeError("Failed to fetch");
    return this.#answer(request);
  }

  #answer(request: Request): Response | Promise<Response> {
    const isFor = ({ url }: Endpoint) => answerTo(String(url), request);
    if (isFor(this.#refresh)) return this.#failed() ?? this.#issue(this.#refresh.response);
    if (isFor(this.#logout)) return this.#failed() ?? this.#loggedOut();
    const [, reply, isPublic] = this.#replies.find(([route]) => answerTo(route, request)) ?? ["", {}, false];
    if (isPublic || this.#accepts(request)) return responseOf(reply, request);
    return new Response(null, { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } });
  }

  #failed(): Response | undefined {
    if (!this.#fault) return undefined;
    const { status, retryAfter, times = Infinity } = this.#fault;
    this.#fault = times > 1 ? { ...this.#fault, times: times - 1 } : undefined;
    return new Response(null, { status, headers: retryAfter === undefined ? {} : { "Retry-After": `${retryAfter}` } });
  }

  #loggedOut(): Response {
    this.endSession();
    return new Response(null, { status: 204 });
  }

  #issue(shape: ResponseShape | undefined): Response {
    if (!this.#session) return new Response(null, { status: 401 });
    const number = ++this.#issued;
    const token = this.#options.opaque ? `fake-token-${number}` : encodeToken(this.#session, number);
    this.#live.set(token, this.expiresIn === null ? Infinity : this.#now() + this.expiresIn * 1_000);
    const response = Response.json(tokenResponse(token, this.expiresIn, shape));
    const json = response.json.bind(response);
    return Object.assign(response, { json: () => this.#watch(json()) });
  }

  #accepts(request: Request): boolean {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.get("Authorization") ?? "") ?? [];
    return this.#now() < (this.#live.get(token) ?? -Infinity);
  }
}

/** Of either form of the option. */
function endpoint(option: string | URL | Endpoint): Endpoint {
  return typeof option === "object" && !(option instanceof URL) ? option : { url: option };
}
