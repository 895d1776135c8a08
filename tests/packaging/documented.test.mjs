/** An editor can say what each name of the package is. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { installed } from "../apps/support/install.mjs";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const require = createRequire(import.meta.url);

test("everything that is exported, and every member of it, has a doc comment", async () => {
  // The newest has no such interface yet.
  const ts = require(join(await installed("oldest-typescript"), "node_modules", "typescript"));
  const files = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith(".d.ts"));
  const named = (file) => (node) => [`${file}: ${nameOf(ts, node)}`, node];
  const names = files.flatMap((file) => [...declared(ts, parsed(ts, file))].map(named(file)));
  const bare = names.filter(([, node]) => ts.getJSDocCommentsAndTags(node).length === 0).map(([name]) => name);
  assert.deepEqual(bare, []);
  assert.ok(names.length > 100, `${names.length} names`);
});

function parsed(ts, file) {
  return ts.createSourceFile(file, readFileSync(join(dist, file), "utf8"), ts.ScriptTarget.Latest, true);
}

/** The exported declarations of a file, and all that has a name of its own in them. */
function* declared(ts, file) {
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    yield statement;
    yield* members(ts, statement);
  }
}

function* members(ts, node) {
  for (const child of node.getChildren()) {
    // Of a getter and its setter, the first has the comment of both.
    const isHidden = ts.isSetAccessor(child) || (ts.isPropertyDeclaration(child) && ts.isPrivateIdentifier(child.name));
    const isParameter = ts.isParameter(child);
    if ((ts.isTypeElement(child) || ts.isClassElement(child)) && !isHidden) yield child;
    if (!isParameter) yield* members(ts, child);
  }
}

function nameOf(ts, node) {
  const of = ts.isTypeElement(node) || ts.isClassElement(node) ? `${nameOf(ts, owner(ts, node))}.` : "";
  return of + (node.name?.getText() ?? ts.SyntaxKind[node.kind]);
}

function owner(ts, node) {
  return ts.findAncestor(node.parent, (it) => it.name !== undefined || ts.isSourceFile(it));
}
