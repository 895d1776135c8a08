/** Whether the port that the backend will ask for can be had: better known before minutes of compiling than after. */
import { once } from "node:events";
import { createServer } from "node:net";
import { ScriptError } from "../common/script-error.mjs";

/** Rejects when the port named in the backend's `flags`, or else its default, is taken. */
export async function requireFreePort(flags) {
  const port = Number(valueOf("--port", flags) ?? 8080);
  const host = valueOf("--host", flags) ?? "127.0.0.1";
  const failure = await bindingFailure(port, host);
  if (failure === "EADDRINUSE") {
    throw new ScriptError(
      `port ${port} is taken by another program: stop that one, or choose another port: npm start -- --port ${port + 1}`,
    );
  }
  if (failure === "EACCES") {
    throw new ScriptError(`port ${port} is not for everybody: choose one from 1024 on: npm start -- --port 8080`);
  }
}

function valueOf(flag, flags) {
  const index = flags.findIndex((text) => text === flag || text.startsWith(`${flag}=`));
  if (index === -1) return undefined;
  return flags[index] === flag ? flags[index + 1] : flags[index].slice(flag.length + 1);
}

/** The code of the error with which listening fails, or null. The backend refuses an invalid port or host. */
async function bindingFailure(port, host) {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
    server.close();
    return null;
  } catch (error) {
    return error.code;
  }
}
