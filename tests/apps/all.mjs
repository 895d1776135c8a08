/** All apps, one after the other, in one process: its browsers are started once. */
import { readdirSync } from "node:fs";

const files = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".test.mjs"))
  .sort();
for (const file of files) await import(new URL(file, import.meta.url).href);
