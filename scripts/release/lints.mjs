/** Third-party checks of the tarball. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listen } from "../common/command.mjs";
import { root } from "../common/project.mjs";

/** publint: whether bundlers and Node will find in it what package.json promises. Suggestions count as well. */
export async function wellFormed({ manifest, tarball: { file } }) {
  const [{ publint }, { formatMessage }] = await Promise.all([import("publint"), import("publint/utils")]);
  const { buffer } = Uint8Array.from(readFileSync(file));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  return { faults: messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code) };
}

/**
 * attw ("are the types wrong"): whether TypeScript finds the types of what is run, in every way of resolution there is.
 * There is no CommonJS of it (a browser has no use for it, and Node 20.19 and later can `require` ES modules), and no
 * support for resolution without `exports`, which TypeScript has given up: that is what the profile in `.attw.json`
 * says.
 */
export async function typesResolve({ tarball: { file } }) {
  const flags = ["--config-path", join(root, ".attw.json"), "--format", "ascii", "--no-color", "--no-emoji"];
  const program = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const { code, output } = await listen(process.execPath, [program, file, ...flags]);
  return { faults: code === 0 ? [] : [output.trim()] };
}
