import type { RefreshOptions, TokenManagerOptions } from "../options.ts";
import { checked, flag, isDuration } from "../reading.ts";
import type { TestClock } from "./clock.ts";
import { Request, turn } from "./real.ts";
import { answerTo, type Reply, type Route, responseOf } from "./routes.ts";
import { encodeToken, tokenResponse } from "./tokens.ts";

/** The person who signs in: a subject, or the claims of the person's tokens. */
export type Person<Claims> = string | Partial<Given<Claims>>;

/** Keeps TypeScript from inferring `Claims` from here, so that they are those of a real manager. */
type Given<Claims> = [Claims][Claims extends unknown ? 0 : never];

/** A failure of the auth endpoints. */
export interface Fault {
  /** The status that they answer with. */
  status: number;
  /** `Retry-After`, in seconds. Default: none. */
  retryAfter?: number;
  /** How many requests fail. Default: all, until {@link TestBackend.recover}. */
  times?: number;
}

/** The options of a {@link TestBackend}: where the auth endpoints are, and what their answers look like. */
export type BackendOptions = Partial<
  Pick<TokenManagerOptions, "refresh" | "logout" | "signIn" | "scheme" | "header">
> & {
  /** The lifetime of its tokens, in seconds. With `null`, its answers do not say. Default: 300. */
  expiresIn?: number | null | undefined;
  /** Whether its tokens are opaque, and so have no claims, rather than JWTs. Default: `false`. */
  opaque?: boolean | undefined;
  /**
   * Makes the answers of the refresh and login endpoints: a `Response`, or an object that is sent as JSON. The token is
   * `null` if nobody is signed in. Give it where `refresh.response` or `refresh.ended` is a function. Where it returns `undefined`,
   * and by default, the answer is 401, or JSON with the fields where the options say they are.
   */
  issue?: ((token: string | null, expiresIn: number | null) => Response | object | undefined) | undefined;
};

type Endpoint = Pick<RefreshOptions, "url" | "response">;

/**
 * A backend in memory: the refresh and the logout endpoint, and APIs at all other URLs, which need a token of its own.
 */
export class TestBackend<Claims = unknown> {
  /** The lifetime of the tokens that it will issue, in seconds. With `null`, its answers do not say. */
  expiresIn: number | null;
  /** All requests so far, oldest first. Their bodies can be read. */
  readonly requests: Request[] = [];
  readonly #options: BackendOptions;
  readonly #refresh: Endpoint;
  readonly #logout: Endpoint;
  readonly #now: () => number;
  readonly #watch: TestClock["watch"];
  readonly #whenOnline: () => void;
  /** The answers of the APIs, and whether they need no token. The newest comes first. */
  readonly #replies: [route: Route, reply: Reply, isPublic: boolean][] = [];
  /** The routes whose answers are held back. */
  readonly #held = new Map<Promise<void>, Route>();
  /** The claims of the person whose session the cookie stands for. */
  #session: object | undefined;
  /** The tokens that the APIs accept, and when they expire. */
  readonly #live = new Map<string, number>();
  #issued = 0;
  #isOffline = false;
  #fault: Fault | undefined;

  /** @internal */
  constructor(options: BackendOptions, now: () => number, clock?: TestClock, whenOnline = () => {}) {
    const { expiresIn = 300, opaque = false } = options;
    checked(expiresIn, "expiresIn", expiresIn === null || isDuration(expiresIn), "must be seconds, or null");
    flag(opaque, "opaque");
    this.expiresIn = expiresIn;
    this.#options = options;
    this.#refresh = endpoint(options.refresh ?? "/auth/refresh");
    this.#logout = endpoint(options.logout ?? "/auth/logout");
    this.#now = now;
    this.#watch = clock?.watch ?? ((promise) => promise);
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
   * Sets the answer of an API: a `Response`, a value that is sent as JSON, or a function that makes either of them. A
   * request without a valid token gets 401, unless the API `isPublic`.
   *
   * @param route a URL or path, such as `/api/me`, with any query. `POST /api/me` is for one method only, `*` for
   * everything.
   */
  respond(route: Route, reply: Reply, { isPublic = false }: { isPublic?: boolean } = {}): void {
    this.#replies.unshift([route, reply, isPublic]);
  }

  /** The {@link TestBackend.requests} that went to this URL or path. */
  requestsTo(route: Route): Request[] {
    return this.requests.filter((request) => answerTo(route, request));
  }

  /** Signs somebody in, as the login endpoint does. Returns its response, for `tokens.signIn()`. */
  signIn(person: Person<Claims>): Response {
    this.#live.clear();
    this.#session = typeof person === "string" ? { sub: person } : person;
    return this.#issue(this.#options.signIn?.response ?? this.#refresh.response);
  }

  /** Ends the session. The APIs reject its tokens, and the next refresh is answered with 401. */
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

  /** Holds back all answers to a URL or path, or to everything, until the returned function is called. Time goes on. */
  hold(route: Route = "*"): () => void {
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    this.#held.set(gate, route);
    return () => void (this.#held.delete(gate), open());
  }

  /** Whether somebody is signed in. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  async #answerInTime(request: Request): Promise<Response> {
    // As in a page, an app that has just been given a manager can listen to it before the first answer comes.
    await this.#watch(turn().then(turn));
    for (const [gate, route] of this.#held) if (answerTo(route, request)) await gate;
    if (this.#isOffline) throw new TypeError("Failed to fetch");
    return this.#answer(request);
  }

  #answer(request: Request): Response | Promise<Response> {
    const isFor = ({ url }: Endpoint) => answerTo(String(url), request);
    if (isFor(this.#refresh)) return this.#failed() ?? this.#issue(this.#refresh.response);
    if (isFor(this.#logout)) return this.#failed() ?? (this.endSession(), new Response(null, { status: 204 }));
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

  #issue(shape: Endpoint["response"]): Response {
    const { issue } = this.#options;
    if (!this.#session) return this.#answerOf(issue?.(null, null)) ?? new Response(null, { status: 401 });
    const number = ++this.#issued;
    const token = this.#options.opaque ? `fake-token-${number}` : encodeToken(this.#session, number);
    this.#live.set(token, this.expiresIn === null ? Infinity : this.#now() + this.expiresIn * 1_000);
    const fields = typeof shape === "function" ? {} : shape;
    const made = issue?.(token, this.expiresIn) ?? tokenResponse(token, this.expiresIn, fields);
    return this.#answerOf(made)!;
  }

  /** The clock waits until the answer has been read. */
  #answerOf(made: Response | object | undefined): Response | undefined {
    if (made === undefined) return undefined;
    const response = made instanceof Response ? made : Response.json(made);
    const json = response.json.bind(response);
    return Object.assign(response, { json: () => this.#watch(json()) });
  }

  #accepts(request: Request): boolean {
    const { scheme = "Bearer", header = "Authorization" } = this.#options;
    const [token, ...rest] = (request.headers.get(header) ?? "").split(" ").reverse();
    return rest.join() === scheme && this.#now() < (this.#live.get(token ?? "") ?? -Infinity);
  }
}

/** The endpoint that an option describes, in either of its forms. */
function endpoint(option: string | URL | Endpoint): Endpoint {
  return typeof option === "object" && !(option instanceof URL) ? option : { url: option };
}
