/** The backend as a running process. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { done } from "../common/progress.mjs";
import { root } from "../common/project.mjs";
import { ScriptError } from "../common/script-error.mjs";

/** Runs `program` until it ends or this process is told to stop, which it then does in good order; told twice, at once. */
export async function serve(program, flags) {
  // In a process group of its own, a Ctrl-C reaches it once: from here.
  const child = spawn(program, flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"], detached: true });
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      child.kill(stopping ? "SIGKILL" : "SIGTERM");
      stopping = true;
    });
  }
  createInterface({ input: child.stdout }).on("line", announce);
  const ending = await endOf(child);
  if (ending !== 0 && !stopping) throw new ScriptError(`the backend has ended (${ending})`);
}

function announce(line) {
  const url = /^listening on (\S+)$/.exec(line)?.[1];
  if (url) done(`the sample page is at ${url} (Ctrl-C stops it)`);
  else console.log(line);
}

function endOf(child) {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new ScriptError(`the backend cannot be started: ${error.message}`)));
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
}
