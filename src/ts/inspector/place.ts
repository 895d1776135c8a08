/** So long a part of a path is taken for an identifier, or for something that only its reader should know. */
const LONG = /[^/]{16,}/g;

/** The address to which a request goes, as browsers write it; what is none is refused by `fetch`, and not here. */
export function addressOf(input: RequestInfo | URL): string {
  const address = String((input as Partial<Request> | null)?.url ?? input);
  return parse(address)?.href ?? address;
}

/** What may be shown of an address: the path, and the host if it is not the page's own. No query, nothing long. */
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
