import { location } from "./real.ts";

/** A URL or path, such as `/api/me`; `POST /api/me` for one method only; `*` for everything. */
export type Route = string;

/** An answer: a `Response`, a value that is sent as JSON, or a function that makes either of them. */
export type Reply = Response | object | string | number | boolean | null | ((request: Request) => unknown);

/** Whether a request went to this route. */
export function answerTo(route: Route, { url, method }: Request): boolean {
  const [, wanted, place = route] = /^([A-Z]+) (.+)$/.exec(route) ?? [];
  if (wanted !== undefined && wanted !== method) return false;
  const [here, there] = [new URL(url), new URL(place, location.href)];
  return place === "*" || (here.origin === there.origin && here.pathname === there.pathname);
}

/** Makes the answer to this request. */
export async function responseOf(reply: Reply, request: Request): Promise<Response> {
  const made = typeof reply === "function" ? await reply(request) : reply;
  return made instanceof Response ? made.clone() : Response.json(made ?? null);
}
