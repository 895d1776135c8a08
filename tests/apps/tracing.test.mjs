/** Tools that replace the page's `fetch`: whether they see the manager's requests, and that none of them records the token. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blocksOf, read } from "../docs/support/markdown.mjs";
import { script, text } from "../e2e/support/rules.mjs";
import { inPage, signIn } from "./support/in-page.mjs";
import { built } from "./support/sites.mjs";
import { anyEngine } from "./support/suite.mjs";

/**
 * The ways to trace the manager: the page's address, and what the tools see.
 *
 * @type {Record<string, [path: string, seen: { refresh?: boolean, span?: boolean, breadcrumb?: boolean }]>}
 */
const ways = {
  "begun first, they see each request": ["/?tracing=first", { refresh: true, span: true, breadcrumb: true }],
  "begun later, they see each request of a manager that calls the fetch of the moment": [
    "/?tracing=late&fetch=now",
    { refresh: true, span: true, breadcrumb: true },
  ],
  "begun later, they see no request of a manager that has kept the fetch of before": ["/?tracing=late", {}],
  "a span around tokens.fetch is there although they see no request": ["/?tracing=late&fetch=traced", { span: true }],
};

test("docs/tracing.md shows the span that is tested here", () => {
  const shown = blocksOf("docs/tracing.md", read("docs/tracing.md")).map(({ code }) => code);
  assert.ok(shown.includes(readFileSync(new URL("tracing/traced.js", import.meta.url), "utf8")));
});

anyEngine(
  "OpenTelemetry and Sentry",
  () => built("tracing", "dist", { sources: ["page", "tracing"] }),
  (check) => {
    for (const [title, [path, seen]] of Object.entries(ways)) {
      check(`confinement: ${title}, and record no token`, (visit) => isRecorded(visit, seen), { path });
    }
  },
);

async function isRecorded(visit, { refresh = false, span = false, breadcrumb = false }) {
  await signIn(visit);
  await visit.press("call");
  await visit.sees("name", "Alice");
  script(visit.gateway, "/api/down", text(503, "down", "text/plain"));
  const { spans, breadcrumbs, failures, all } = await inPage(visit, failAndTell, span ? "/api/down" : "/auth/login");
  const [me, renewal] = ["/api/me", "/auth/refresh"].map((path) => visit.gateway.origin + path);
  const paths = (urls) => urls.map((url) => new URL(url, me).href);
  assert.deepEqual([paths(spans).includes(me), paths(spans).includes(renewal)], [span, refresh], `${spans}`);
  assert.deepEqual([paths(breadcrumbs).includes(me), paths(breadcrumbs).includes(renewal)], [breadcrumb, refresh]);
  assert.equal(
    failures.some((url) => url.endsWith("/api/down")),
    breadcrumb,
    `${failures}`,
  );
  const { issued } = visit.ledger;
  assert.ok(issued.length > 0 && all.includes("/auth/login"));
  for (const token of issued) assert.ok(!all.includes(token), all);
  const [{ headers }] = visit.ledger.to("/api/me");
  assert.deepEqual(
    [typeof headers.traceparent, headers.authorization],
    [span ? "string" : "undefined", `Bearer ${issued.at(-1)}`],
  );
  assert.deepEqual(visit.violations, []);
}

/** In the page: sends a request that fails, and tells all that is recorded once there is a span of `last`. */
async function failAndTell(last) {
  await send("/api/down");
  while (!recorded().spans.some((url) => url.endsWith(last))) await new Promise((resolve) => setTimeout(resolve, 20));
  return recorded();
}
