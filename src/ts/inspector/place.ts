/** So long a part of a path is taken for an identifier, or for something that only its reader should know. */
const LONG = /[^/]{16,}/g;

/** The address to which a request goes, as browsers write it. */
export function addressOf(input: RequestInfo | URL): string {
  const address = typeof input === "object" && "url" in input ? input.url : String(input);
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address;
}

/** What may be shown of an address: the path, and the host if it is not the page's own. No query, nothing long. */
export function placeOf(input: RequestInfo | URL): string {
  const address = addressOf(input);
  if (!URL.canParse(address)) return "…";
  const { origin, host, pathname } = new URL(address);
  return (origin === location.origin ? "" : host) + pathname.replaceAll(LONG, "…");
}
