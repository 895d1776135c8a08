/** What an API says of the token (RFC 6750, section 3; RFC 9470, section 3): `src/core/challenge.rs`. */
export type Challenge = "refreshable" | "insufficient-scope" | StepUp;

/** What a step-up challenge asks for. */
export interface StepUp {
  acrValues: string[];
  maxAge: number | null;
}

/** Reads a `WWW-Authenticate` header. What cannot be made out is refreshable. */
export function challengeOf(header: string): Challenge {
  const parameters = bearerParameters(header);
  switch (parameters.get("error")) {
    case "insufficient_scope":
      return "insufficient-scope";
    case "insufficient_user_authentication":
      return {
        acrValues: parameters.get("acr_values")?.split(" ").filter(Boolean) ?? [],
        maxAge: whole(parameters.get("max_age")),
      };
    default:
      return "refreshable";
  }
}

/** The comma-separated items of a list, commas in quotes left alone. */
const ITEM = /(?:"(?:\\.|[^"\\])*"?|[^",])+/g;

/** "Scheme name=value" begins a challenge, "name=value" goes on with the last one. */
const PARTS = /^(?:(?<scheme>[^\s=]+)(?:\s+|$)(?!=))?(?:(?<name>[^\s=]+)\s*=\s*(?<value>.*))?$/s;

/** The parameters of the first `Bearer` challenge. */
function bearerParameters(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let inBearer = false;
  for (const [item] of header.matchAll(ITEM)) {
    const { scheme, name, value } = PARTS.exec(item.trim())?.groups ?? {};
    if (scheme && inBearer) break;
    if (scheme) inBearer = scheme.toLowerCase() === "bearer";
    const key = name?.toLowerCase();
    if (inBearer && key !== undefined && !parameters.has(key)) parameters.set(key, unquoted(value ?? ""));
  }
  return parameters;
}

function unquoted(value: string): string {
  const [, quoted] = /^"((?:\\.|[^"\\])*)/.exec(value) ?? [];
  return quoted?.replace(/\\(["\\])/g, "$1") ?? value;
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : null;
}
