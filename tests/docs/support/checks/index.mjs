/** The faults of the blocks in the pages. A language that is not here fails, so that no block escapes. */
import { checkHttp } from "./http.mjs";
import { markup } from "./markup.mjs";
import { checkPython } from "./python.mjs";
import { checkRust } from "./rust.mjs";
import { checkShell } from "./shell.mjs";
import { cargoToml } from "./toml.mjs";
import { checkScripts } from "./typescript.mjs";

/** One at a time. */
const single = {
  html: (code) => markup.html.complaints(code),
  vue: (code) => markup.vue.complaints(code),
  svelte: (code) => markup.svelte.complaints(code),
  sh: checkShell,
  http: checkHttp,
  json: (code) => failure(() => JSON.parse(code)),
  toml: cargoToml,
  py: checkPython,
  // Pictures, and what programs print.
  text: () => [],
};

/** All together, since to start a compiler takes time. */
const scripts = ["ts", "tsx", "js", "mjs", "jsx"];

/** The complaints of each of `blocks`, by block. `folder` is where the compilers work. */
export async function check(blocks, folder) {
  const found = new Map(blocks.map((block) => [block, []]));
  for (const block of blocks) found.get(block).push(...(await alone(block)));
  const taken = blocks.flatMap(scriptsOf);
  for (const [script, complaints] of await checkScripts(taken, folder)) found.get(script.block).push(...complaints);
  const inRust = blocks.filter(({ language }) => language === "rust");
  for (const [block, complaints] of await checkRust(inRust, folder)) found.get(block).push(...complaints);
  return found;
}

async function alone({ language, code }) {
  if (single[language]) return single[language](code);
  if (scripts.includes(language) || language === "rust") return [];
  return [language ? `nobody checks ${language}` : "the block says no language: say `text` if it is none"];
}

function scriptsOf(block) {
  const { language, code, line } = block;
  if (scripts.includes(language)) return runElsewhere(code) ? [] : [{ block, code, line, extension: language }];
  const inside = markup[language]?.scripts(code) ?? [];
  return inside.map((script) => ({ ...script, block, line: line + script.line }));
}

/**
 * The backend of docs/express.md is run (see endpoints.test.mjs and streams.test.mjs), and so is what needs Next.js
 * (tests/apps/next.test.mjs).
 */
function runElsewhere(code) {
  return /from "(express|ws|next\/server)"/.test(code);
}

function failure(attempt) {
  try {
    attempt();
    return [];
  } catch (error) {
    return [error.message];
  }
}
