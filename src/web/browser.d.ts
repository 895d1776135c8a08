/** What `tokenhold/testing` uses of `browser.js`: the very code that sends requests in a page. */

export class Outgoing {
  constructor(input: RequestInfo | URL, init?: RequestInit);
  isFor(origins: string[], endpoints: Endpoint[]): boolean;
  pass(fetch: typeof globalThis.fetch): Promise<Response>;
  open(aborted: () => void): void;
  close(): void;
  send(
    fetch: typeof globalThis.fetch,
    token: string | undefined,
    rejected: number[] | ((response: Response) => unknown),
  ): Promise<Response>;
  readonly challenge: string | undefined;
  readonly rejected: Response;
  readonly replayable: boolean;
  readonly reason: unknown;
}

export class Endpoint {
  constructor(
    url: string,
    method: string,
    headers: string[],
    body: string | undefined,
    credentials: RequestCredentials | undefined,
    csrf: string[],
  );
  readonly isHttp: boolean;
  readonly path: string;
  ask(fetch: typeof globalThis.fetch, ...paths: string[]): Promise<unknown[]>;
  leave(fetch: typeof globalThis.fetch, token: string | undefined): Promise<boolean>;
}

export function read(response: Response, ...paths: string[]): Promise<unknown[]>;

export function given(json: unknown, ...paths: string[]): unknown[];

/** The payload, `exp`, `iat`, `sub` and `iss`, the last two of any type; nothing, if it is no JWT. */
export function claims(
  jwt: string,
): [payload: string, exp?: number, iat?: number, sub?: unknown, iss?: unknown] | [undefined?];
