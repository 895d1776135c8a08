/** The options of {@link createTokenManager}. An unknown or ill-typed one is an error that names it. */
export interface TokenManagerOptions {
  /** How to exchange the session cookie for an access token: a URL, or the whole request. */
  refresh: string | URL | RefreshOptions;
  /** How to end the session at the backend. Without it, logging out ends it in the browser only. */
  logout?: string | URL | LogoutOptions;
  /** How to read what the login endpoint returned. Default: as the answer to a refresh. */
  signIn?: {
    /** Where the fields of its answer are, or a function that finds them. Default: as in `refresh`. */
    response?: ResponseShape | ResponseReader;
  };
  /**
   * How an API says that a token is stale: by statuses from 300 to 599, or by a function that gets a clone of the
   * response. Default: `[401]`.
   */
  rejected?: readonly number[] | ((response: Response) => boolean | Promise<boolean>);
  /** Exact origins that may receive the token, such as `https://api.example.com`. Default: the page's own. */
  attachTo?: readonly string[];
  /**
   * The group of tabs that share a session, 1 to 100 characters. Two names never meet. Default: `"default"`, which stands for a
   * group for each `refresh.url`, whatever its query.
   */
  name?: string;
  /**
   * Whether to try a refresh at the start. With `{ cookie }`, only if the page can see a cookie of that name: without it, the
   * page starts signed out, with no request. Default: `true`.
   */
  restore?:
    | boolean
    | {
        /** The name of a cookie that scripts may read, which the backend sets and clears together with the session's. */
        cookie: string;
      };
  /**
   * Copies a readable cookie into a header of the app's own requests, read anew for every attempt: those to the page's own
   * origin with a method other than GET, HEAD, OPTIONS and TRACE. A header that the app has set stays. Default: none.
   */
  csrf?: CsrfOptions;
  /** The scheme before the token, as in `Authorization: Bearer …`; empty: the token alone. Default: `"Bearer"`. */
  scheme?: string;
  /** The header that carries the token. Default: `"Authorization"`. */
  header?: string;
  /**
   * The claims that make a person, such as `["iss", "sub", "org"]`. A request that one person began is never sent with
   * the token of another. Other claims may change. Default: `["iss", "sub"]`.
   */
  identity?: readonly string[];
  /**
   * The fetch to use. It gets a `Request` for the app's requests, and a URL and `init` for a refresh or a logout.
   * Default: the page's, as it was when this module was loaded.
   */
  fetch?: (request: Request | string, init?: RequestInit) => Promise<Response>;
  /**
   * Adds {@link TokenExposure.accessToken}. Any code that can reach the manager can then take the token away with it.
   * Default: `false`.
   */
  exposeToken?: boolean;
  /**
   * Where the WebAssembly is: the URL of `tokenhold/tokenhold.wasm`, or its content, of this very version. All managers
   * of a page share the module that the first of them got. Default: the copy in the package; `tokenhold/slim` has none.
   */
  wasm?: WasmSource | Promise<WasmSource>;
}

/** The WebAssembly module: its URL, the answer to a request for it, its bytes, or the module, compiled. */
export type WasmSource = string | URL | Response | BufferSource | (WebAssembly.Module & object);

/** The headers of a request to an auth endpoint. */
export type RequestHeaders = Readonly<Record<string, string>> | Headers | ReadonlyArray<readonly [string, string]>;

/** The body of a request to an auth endpoint. */
export type RequestBody = string | URLSearchParams | object;

/** A request to an auth endpoint. It never carries an `Authorization` header of its own. */
export interface AuthRequestOptions {
  /** As `fetch` takes it. A relative one is resolved when the manager is created. */
  url: string | URL;
  /** Default: `"POST"`. */
  method?: string;
  /** Further headers, or a function that makes them for each attempt. */
  headers?: RequestHeaders | (() => RequestHeaders);
  /**
   * An object or an array is sent as JSON. A function makes the body for each attempt. Default: no body, and no content
   * type.
   */
  body?: RequestBody | (() => RequestBody);
  /** Default: `"same-origin"`, or `"include"` where the URL is of another origin. */
  credentials?: RequestCredentials;
  /** Copies a readable cookie into a header, read anew for every attempt. */
  csrf?: CsrfOptions;
}

/** The double-submit pattern: a cookie's value, sent as a header. */
export interface CsrfOptions {
  /** The cookie's name. */
  cookie: string;
  /** The header's name. */
  header: string;
}

/** The refresh request, and how to understand its answer. */
export interface RefreshOptions extends AuthRequestOptions {
  /** Where the fields of the answer are, or a function that finds them. */
  response?: ResponseShape | ResponseReader;
  /**
   * Statuses from 300 to 599 that mean the session is over, or a function that gets a clone of any answer, a success
   * too. Default: `[400, 401, 403]`.
   */
  ended?: readonly number[] | ((response: Response) => boolean | Promise<boolean>);
  /** Milliseconds for one attempt, 1 to 600,000. Default: 10,000. */
  timeout?: number;
}

/** The logout request. */
export interface LogoutOptions extends AuthRequestOptions {
  /** Whether it carries a valid token, refreshed first if it must be. Default: `false`. */
  withToken?: boolean;
  /**
   * Statuses from 200 to 599 that mean the backend has ended the session, or a function that gets a clone of the answer.
   * Default: any success, and 401. A redirect to where the page may not read confirms it in any case.
   */
  confirmed?: readonly number[] | ((response: Response) => boolean | Promise<boolean>);
}

/**
 * Finds the token in an answer that is a success; `null` if nobody is signed in. `expiresIn` is in seconds, `expiresAt`
 * a date, its text, or seconds or milliseconds since the epoch.
 */
export type ResponseReader = (response: Response) => FoundToken | null | Promise<FoundToken | null>;

/** The token in an answer, and how long it lives, if the answer says that. */
export interface FoundToken {
  /** The token alone, without a scheme. */
  token: string;
  /** The lifetime from now on, in seconds. */
  expiresIn?: number | string;
  /** The end of life. */
  expiresAt?: number | string | Date;
}

/** Where the fields of a token response are: dotted paths into its JSON, such as `data.access_token`. */
export interface ResponseShape {
  /** Default: `"access_token"`. */
  token?: string;
  /** The lifetime from now on. Default: `"expires_in"`. */
  expiresIn?: string;
  /** The unit of the lifetime: seconds or milliseconds. Default: `"s"`. */
  expiresInUnit?: "s" | "ms";
  /** The end of life: ISO 8601, or seconds or milliseconds since the epoch. Default: `"expires_at"`. */
  expiresAt?: string;
}
