/** A part of a path of this length may be an identifier, or a secret. */
const LONG = /[^/]{16,}/g;

/** The address of a request, as browsers write it. `fetch` refuses an invalid address; this does not. */
export function addressOf(input: RequestInfo | URL): string {
  const address = String((input as Partial<Request> | null)?.url ?? input);
  return parse(address)?.href ?? address;
}

/**
 * The part of an address that may be shown: the path, and the host if it is not the page's own. No query, nothing long.
 */
export function placeOf(input: RequestInfo | URL): string {
  const url = parse(addressOf(input));
  if (url === null) return "…";
  return (url.origin === location.origin ? "" : url.host) + url.pathname.replaceAll(LONG, "…");
}

function parse(address: string): URL | null {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}
