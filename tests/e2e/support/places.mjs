/** Where things are: the built package, the backend's binary, the browsers and their drivers. */
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The folder that holds `index.js`: `TOKENHOLD_DIST`, or `dist/` as `npm run build` leaves it. */
export function packageFolder() {
  const folder = resolve(process.env.TOKENHOLD_DIST ?? join(root, "dist"));
  return existing(join(folder, "index.js"), "run `npm run build` first") && folder;
}

/** The backend's binary: `TOKENHOLD_BACKEND`, or the newest of what cargo has built. */
export function backendBinary() {
  if (process.env.TOKENHOLD_BACKEND) return existing(process.env.TOKENHOLD_BACKEND, "see TOKENHOLD_BACKEND");
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
  const built = ["release", "debug"].map((profile) => join(target, profile, "tokenhold-backend")).filter(existsSync);
  if (built.length === 0) throw new Error("no backend: run `cargo build --release -p tokenhold-backend` first");
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** The first of `names` on PATH or among the tools that the set-up has installed. */
export function program(...names) {
  const found = names.flatMap((name) => folders().map((folder) => join(folder, name))).find(executable);
  if (!found) throw new Error(`none of ${names.join(", ")} is installed: run \`npm test\` once, or install it`);
  return found;
}

/** WebKitGTK's own small browser, which is not on the PATH. */
export function miniBrowser() {
  const homes = ["/usr/lib", "/usr/lib64", "/usr/libexec"].filter(existsSync);
  const folders = homes.flatMap((home) => ["", ...readdirSync(home)].map((name) => join(home, name)));
  const found = folders.map((folder) => join(folder, "webkit2gtk-4.1", "MiniBrowser")).find(executable);
  if (!found) throw new Error("WebKitGTK's MiniBrowser is not installed: run `npm test` once, or install it");
  return found;
}

function folders() {
  return [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), ...toolFolders()];
}

function toolFolders() {
  const tools = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tokenhold", "tools");
  return existsSync(tools) ? readdirSync(tools).map((name) => join(tools, name, "bin")) : [];
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function existing(path, hint) {
  if (!existsSync(path)) throw new Error(`${path} is missing: ${hint}`);
  return path;
}
