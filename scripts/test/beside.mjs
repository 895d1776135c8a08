/** Parts that run beside the others, in a process of their own, and give way to them. */
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { recite } from "../common/command.mjs";
import { ofParts } from "./tally.mjs";

const script = fileURLToPath(new URL("../test.mjs", import.meta.url));
const HEADING = "\n━━ ";

/** Runs the parts `names` in order. Shows the output of each part in one piece, once the part has ended. */
export async function testBeside(names) {
  let held = "";
  const show = (text) => {
    held += text;
    const end = held.lastIndexOf(HEADING);
    if (end <= 0) return;
    process.stdout.write(held.slice(0, end));
    held = held.slice(end);
  };
  const result = await recite(process.execPath, [script, ...names], show, {
    priority: constants.priority.PRIORITY_BELOW_NORMAL,
  });
  // The line that sums the parts up is left out, because it belongs at the end of the whole output.
  process.stdout.write(`${held.slice(0, held.lastIndexOf("\n\n"))}\n`);
  return ofParts(result);
}
