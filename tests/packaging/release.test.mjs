import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { changelog } from "../../scripts/release/changelog.mjs";
import { tree } from "../../scripts/release/tree.mjs";
import { verdict } from "../../scripts/release/verdict.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the project as it is could be released, but for what is done on the day itself", () => {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "release", "--", "--dry-run"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^✓ \d+\.\d+\.\d+ could be released/m);
});

describe("what is wrong is said by name", () => {
  let faults;
  before(() => {
    const folder = copy({ after });
    spoil(folder);
    const program = `import { examine } from "./scripts/release/examine.mjs"; console.log(JSON.stringify(await examine()))`;
    const env = { ...process.env, CARGO_TARGET_DIR: join(folder, "target") };
    // Scripts compare their own name with the first argument.
    const args = ["--input-type=module", "--eval", program, "none"];
    const output = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", env });
    const { results } = JSON.parse(output);
    faults = Object.fromEntries(results.map((result) => [result.name, result.faults.join("\n")]));
  });

  const expected = {
    "one version everywhere": /package\.json says 7\.0\.0, but Cargo\.toml \d/,
    "the changelog has that version, with a date": /neither 7\.0\.0 nor anything unreleased/,
    "every exported file is there, with its types":
      /\.\/nowhere is exported as dist\/nowhere\.js, which is not in the tarball/,
    "the tarball holds what is exported, the documents, and nothing else": /nobody needs dist\/index\.js\.map/,
    "no more bytes than the limit": /dist\/index\.js has \d+ bytes in brotli: the limit is \d+/,
    "the README says how many": /README\.md says [\d,]+ bytes in brotli, it is \d+/,
    "publint finds nothing": /nowhere/,
    "attw finds nothing": /nowhere/,
    "the crate holds all its sources": /src\/web\/browser\.js is missing/,
  };

  for (const [name, message] of Object.entries(expected)) {
    test(name, () => assert.match(faults[name], message));
  }

  test("and what is right is not", () => {
    assert.deepEqual(
      Object.keys(faults).filter((name) => faults[name] && !(name in expected)),
      [],
    );
  });
});

test("what is due may wait until the day of the release, what is wrong may not", () => {
  const tarball = { file: join(root, "target", "package", "tokenhold-1.2.0.tgz"), integrity: "sha512-abc" };
  const judge = (results, isDryRun) => verdict({ version: "1.2.0", tarball, results }, isDryRun);
  const [fine, due, wrong] = [{}, { due: ["a date"] }, { faults: ["a gap"] }].map((found) => ({
    faults: [],
    due: [],
    ...found,
  }));
  assert.match(judge([fine], true), /^1\.2\.0 could be released$/);
  assert.match(judge([fine, due], true), /could be released, once what is marked/);
  assert.throws(() => judge([fine, due], false), /cannot be released yet/);
  for (const isDryRun of [true, false])
    assert.throws(() => judge([fine, wrong], isDryRun), /cannot be released: 1 of 2 checks failed/);
  assert.match(
    judge([fine], false),
    /git tag .* v1\.2\.0 [\s\S]*\n {2}npm publish \.\/target\/package\/tokenhold-1\.2\.0\.tgz\n {2}cargo publish/,
  );
});

test("a changelog must have the version, and its day", () => {
  const judge = (text) => changelog({ manifest: { version: "1.2.0" } }, text);
  assert.deepEqual(judge("# Changelog\n\n## 1.2.0 - 2026-11-21\n\n- This.\n\n## 1.1.0 - 2026-01-01\n\n- That.\n"), {
    due: [],
  });
  assert.deepEqual(judge("## [Unreleased]\n\n## [1.2.0] - 2026-11-21\n\n- This.\n"), { due: [] });
  assert.match(judge("## 1.2.0\n\n- This.\n").due[0], /needs the date: `## 1\.2\.0 - \d{4}-\d\d-\d\d`/);
  assert.match(judge("## 1.2.0 - soon\n\n- This.\n").due[0], /needs the date/);
  assert.match(judge("## Unreleased\n\n- This.\n").due[0], /what is unreleased becomes `## 1\.2\.0 - /);
  assert.match(
    judge("## Unreleased\n\n- More.\n\n## 1.2.0 - 2026-11-21\n\n- This.\n").due[0],
    /something that is unreleased/,
  );
  assert.match(
    judge("## 1.2.0 - 2026-11-21\n\n## 1.1.0 - 2026-01-01\n\n- That.\n").faults[0],
    /says nothing of 1\.2\.0/,
  );
  for (const text of ["", "## 1.2.01 - 2026-11-21\n\n- That.\n"])
    assert.match(judge(text).faults[0], /neither 1\.2\.0 nor/);
});

test("a release is made from a clean main, and only once", (context) => {
  const folder = temporary(context);
  const judge = () => tree({ manifest: { version: "1.2.0" } }, folder).due;
  writeFileSync(join(folder, "a"), "");
  commit(folder);
  assert.deepEqual(judge(), []);
  writeFileSync(join(folder, "b"), "");
  git(folder, "switch", "--quiet", "--create", "aside");
  git(folder, "tag", "v1.2.0");
  const [unclean, branch, tagged, ...others] = judge();
  assert.match(unclean, /not committed: b$/);
  assert.match(branch, /this is aside/);
  assert.match(tagged, /there is a tag v1\.2\.0 already/);
  assert.deepEqual(others, []);
});

/** The project as it is here, committed in a repository of its own. */
function copy(context) {
  const folder = temporary(context);
  const files = git(root, "ls-files", "--cached", "--others", "--exclude-standard").split("\n").filter(Boolean);
  for (const file of [...files, "dist"]) cpSync(join(root, file), join(folder, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  commit(folder);
  return folder;
}

function spoil(folder) {
  const edit = (file, change) => writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  edit("package.json", (text) => {
    const manifest = JSON.parse(text);
    manifest.exports["./nowhere"] = { types: "./dist/nowhere.d.ts", default: "./dist/nowhere.js" };
    return JSON.stringify({ ...manifest, version: "7.0.0" });
  });
  edit("CHANGELOG.md", () => "# Changelog\n");
  edit("Cargo.toml", (text) => text.replace('"/src/web/*.js", ', ""));
  writeFileSync(join(folder, "dist", "index.js.map"), "{}");
  appendFileSync(join(folder, "dist", "index.js"), `globalThis.more = "${randomBytes(60_000).toString("base64")}";`);
}

function commit(folder) {
  git(folder, "init", "--quiet", "--initial-branch", "main");
  git(folder, "add", "--all");
  git(
    folder,
    "-c",
    "user.name=somebody",
    "-c",
    "user.email=somebody@example.com",
    "commit",
    "--quiet",
    "--message",
    "Begin",
  );
}

function git(folder, ...args) {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" });
}

function temporary(context) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tokenhold-release-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
