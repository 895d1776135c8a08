import { location } from "./real.ts";

/** A URL or path, with a method and a space before it if that matters; `*` is everything. */
export type Route = string;

/** An answer: a `Response`, or what is to be sent as JSON; or a function that makes one of them. */
export type Reply = Response | object | string | number | boolean | null | ((request: Request) => unknown);

/** Whether a request is one to this URL or path. */
export function answerTo(route: Route, { url, method }: Request): boolean {
  const [, wanted, place = route] = /^([A-Z]+) (.+)$/.exec(route) ?? [];
  if (wanted !== undefined && wanted !== method) return false;
  const [here, there] = [new URL(url), new URL(place, location.href)];
  return place === "*" || (here.origin === there.origin && here.pathname === there.pathname);
}

/** The answer, made anew for this request. */
export async function responseOf(reply: Reply, request: Request): Promise<Response> {
  const made = typeof reply === "function" ? await reply(request) : reply;
  return made instanceof Response ? made.clone() : Response.json(made ?? null);
}
