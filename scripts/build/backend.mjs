/** The reference backend, compiled by cargo, which knows by itself what is stale. */
import { read } from "../common/command.mjs";
import { say } from "../common/progress.mjs";

let built;

/** Builds it, once, and returns the path of its program. */
export function buildBackend() {
  built ??= compile();
  return built;
}

async function compile() {
  say("cargo build: the backend");
  const args = ["build", "--package", "tokenhold-backend", "--message-format", "json-render-diagnostics"];
  const messages = (await read("cargo", args))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return messages.findLast(({ executable }) => executable).executable;
}
