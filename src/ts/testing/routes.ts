import { location } from "./page.ts";

/** A URL or path, with a method and a space before it if that matters; `*` is everything. */
export type Route = string;

/** An answer: a `Response`, or what is to be sent as JSON; or a function that makes one of them. */
export type Reply = Response | object | string | number | boolean | null | ((request: Request) => unknown);

interface Entry {
  route: Route;
  reply: Reply;
  isPublic: boolean;
}

/** What the APIs answer. What was said last comes first. */
export class Routes {
  readonly #entries: Entry[] = [];

  /** Says what is answered to a URL or path. */
  add(route: Route, reply: Reply, isPublic: boolean): void {
    this.#entries.unshift({ route, reply, isPublic });
  }

  /** Answers, with 401 unless the request `isAllowed` or anybody is. */
  answer(request: Request, isAllowed: () => boolean): Response | Promise<Response> {
    const { reply = {}, isPublic = false } = this.#entries.find(({ route }) => answerTo(route, request)) ?? {};
    return isPublic || isAllowed() ? responseOf(reply, request) : unauthorized();
  }
}

/** Whether a request is one to this URL or path. */
export function answerTo(route: Route, { url, method }: Request): boolean {
  const [, wanted, place = route] = /^([A-Z]+) (.+)$/.exec(route) ?? [];
  if (wanted !== undefined && wanted !== method) return false;
  return place === "*" || placeOf(new URL(place, location.href)) === placeOf(new URL(url));
}

function placeOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

async function responseOf(reply: Reply, request: Request): Promise<Response> {
  const made = typeof reply === "function" ? await reply(request) : reply;
  return made instanceof Response ? made.clone() : Response.json(made ?? null);
}

function unauthorized(): Response {
  return new Response(null, { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } });
}
