import type { ResponseShape } from "../options.ts";

/** Makes a JWT whose signature says that it is a fake, so that nobody takes it for a real one. */
export function encodeToken(claims: object, number: number): string {
  return [`{"alg":"none","typ":"JWT"}`, JSON.stringify(claims), `fake token ${number}`].map(base64url).join(".");
}

/** The answer of an auth endpoint, with its fields where the options say they are. */
export function tokenResponse(token: string, expiresIn: number | null, shape: ResponseShape = {}): object {
  const answer = {};
  put(answer, shape.token ?? "access_token", token);
  const lifetime = expiresIn !== null && shape.expiresInUnit === "ms" ? expiresIn * 1_000 : expiresIn;
  if (lifetime !== null) put(answer, shape.expiresIn ?? "expires_in", lifetime);
  return answer;
}

/** Puts a value at a dotted path of an object. */
function put(object: Record<string, unknown>, path: string, value: unknown): void {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) object[key] = value;
  else put((object[key] ??= {}) as Record<string, unknown>, rest.join("."), value);
}

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
