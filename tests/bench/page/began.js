/** The first that runs of a page's script. */
export const began = performance.now();
