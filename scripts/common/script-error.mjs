/** An error whose message is meant for a person. */
export class ScriptError extends Error {
  name = "ScriptError";
}

/** Runs a script's `main`; ends the process with code 1 and the reason when it fails. */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    console.error(`✗ ${messageOf(error)}`);
    process.exitCode = 1;
  }
}

/** The message for a person, with a stack trace only where it is a fault of ours. */
export function messageOf(error) {
  return error instanceof ScriptError ? error.message : error.stack;
}
