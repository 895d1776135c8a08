/** The reference leaves nothing out: what the types know, a table names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./support/markdown.mjs";

const [options, events, errors, manager] = ["options", "events", "errors", "manager"].map(typesIn);

test("every option has a line in docs/options.md", () => {
  const requests = membersOf(options, "AuthRequestOptions");
  const named = [
    ...membersOf(options, "TokenManagerOptions").filter((name) => name !== "signIn"),
    ...[...requests, ...membersOf(options, "RefreshOptions")].map((name) => `refresh.${name}`),
    ...membersOf(options, "LogoutOptions").map((name) => `logout.${name}`),
    ...membersOf(options, "ResponseShape").map((name) => `refresh.response.${name}`),
    "signIn.response",
  ];
  assert.ok(named.includes("refresh.csrf") && named.includes("attachTo"), `${named}`);
  assert.deepEqual(missing(named, "docs/options.md"), []);
});

test("every member of the manager has a line in docs/manager.md", () => {
  const members = membersOf(manager, "TokenManager").map((name) => `tokens.${name}`);
  assert.ok(members.includes("tokens.fetch") && members.includes("tokens.status"), `${members}`);
  assert.deepEqual(missing(members, "docs/manager.md"), []);
});

test("every event, warning and error has a line in docs/events.md", () => {
  const kinds = membersOf(events, "EventDetails");
  const codes = [...literalsOf(events, "WarningCode"), ...literalsOf(errors, "ErrorCode")];
  assert.ok(
    kinds.includes("signed-out") && codes.includes("works-alone") && codes.includes("session-ended"),
    `${kinds} ${codes}`,
  );
  assert.deepEqual(missing([...kinds, ...codes], "docs/events.md"), []);
});

/** A file of the face, without its comments. */
function typesIn(file) {
  return read(`src/ts/${file}.ts`).replace(/\/\*[\s\S]*?\*\//g, "");
}

/** Those of `names` with which no cell of the page's tables begins: `name`, or `name(…)`, alone or among others. */
function missing(names, page) {
  const cells = read(page)
    .split("\n")
    .flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  const known = cells.flatMap((cell) => [...cell.matchAll(/`([\w.-]+)/g)].map(([, name]) => name));
  return names.filter((name) => !known.includes(name));
}

/** The names of what the interface `name` declares itself. */
function membersOf(source, name) {
  const body = new RegExp(`^export interface ${name}\\b.*\\{\\n([^]*?)^\\}`, "m").exec(source)[1];
  return [...body.matchAll(/^ {2}(?:readonly )?(?:"([\w-]+)"|(\w+))[?(<:]/gm)].map(
    ([, quoted, plain]) => quoted ?? plain,
  );
}

/** The texts that the type `name` is a union of. */
function literalsOf(source, name) {
  const body = new RegExp(`^export type ${name} =([^]*?);`, "m").exec(source)[1];
  return [...body.matchAll(/\| "([\w-]+)"/g)].map(([, text]) => text);
}
