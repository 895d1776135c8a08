/** All files of tests in one process, which shares its browsers between them. */
import { readdirSync } from "node:fs";
import { together } from "./support/suite.mjs";

const here = new URL(".", import.meta.url);

await together(async () => {
  const files = readdirSync(here)
    .filter((file) => file.endsWith(".test.mjs"))
    .sort();
  for (const file of files) await import(new URL(file, here).href);
});
