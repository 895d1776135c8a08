/** In the place of another commit's package, if none takes part. */
export {};
