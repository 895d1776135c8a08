/** The page's own fetch, before anything else can have replaced it; not everything that imports this is a page. */
export const pageFetch: typeof fetch | undefined = globalThis.fetch?.bind(globalThis);
