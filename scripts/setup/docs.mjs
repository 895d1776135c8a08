/** The npm and Python packages that check and run the code in the Markdown files, below `target`. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { answer, find, run } from "../common/command.mjs";
import { say } from "../common/progress.mjs";
import { root } from "../common/project.mjs";
import { installDebianPackages } from "./debian.mjs";

const source = join(root, "tests", "docs");
/** Where it is all installed, and where the tests put the code. */
const folder = join(root, "target", "docs");
const venv = join(folder, "venv");

export async function setUpDocs() {
  mkdirSync(folder, { recursive: true });
  await setUpNode();
  await setUpPython();
}

/** The packages that the project has itself are found from there as well: `target/docs` is within the project. */
async function setUpNode() {
  const modules = join(folder, "node_modules");
  if (!installed("package-lock.json", modules)) {
    say("npm ci: installing what the code in docs/ imports");
    for (const file of [".npmrc", "package.json", "package-lock.json"])
      copyFileSync(join(source, file), join(folder, file));
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], { cwd: folder });
    copyFileSync(join(source, "package-lock.json"), join(modules, "package-lock.json"));
  }
  const own = join(modules, "tokenhold");
  if (!existsSync(own)) symlinkSync(root, own, "dir");
}

async function setUpPython() {
  if (installed("requirements.txt", venv)) return;
  const packages = ["python3", "python3-venv"];
  if (!find("python3")) await installDebianPackages(packages, "Python, for the backend in docs/fastapi.md");
  // Debian has `venv` without what it needs in a package of its own.
  if (answer("python3", ["-c", "import ensurepip, venv"]) === null) {
    await installDebianPackages(packages, "Python's venv, for the backend in docs/fastapi.md");
  }
  say("pip install: installing what docs/fastapi.md imports");
  await run("python3", ["-m", "venv", "--clear", venv]);
  const requirements = join(source, "requirements.txt");
  await run(join(venv, "bin", "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "-r",
    requirements,
  ]);
  copyFileSync(requirements, join(venv, "requirements.txt"));
}

/** Whether what `file` names is what was installed into `where` the last time. */
function installed(file, where) {
  try {
    return readFileSync(join(source, file), "utf8") === readFileSync(join(where, file), "utf8");
  } catch {
    return false;
  }
}
