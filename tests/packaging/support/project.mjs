/** A project of somebody who uses the package: a folder of its own, with the packed tarball installed by npm. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Makes one that holds `files` (contents by path). It is gone when `context`'s test has ended. */
export function makeProject(context, files = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tokenhold-packaging-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const { filename } = pack(folder);
  write(folder, { "package.json": '{ "name": "somebody", "private": true, "type": "module" }', ...files });
  npm(folder, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${filename}`);
  return folder;
}

/** Packs the package into `folder`, and returns npm's account of it. `dist/` is taken as it is. */
export function pack(folder) {
  const report = JSON.parse(npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", folder));
  return Array.isArray(report) ? report[0] : Object.values(report)[0];
}

function npm(folder, ...args) {
  return execFileSync("npm", [...args, "--loglevel", "error"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function write(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
