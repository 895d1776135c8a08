/** What went wrong, in words meant for a person: shown without a stack trace. */
export class Trouble extends Error {
  name = "Trouble";
}

/** Runs a script's `main`; ends the process with code 1 and the reason when it fails. */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    console.error(`\n✗ ${error instanceof Trouble ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
