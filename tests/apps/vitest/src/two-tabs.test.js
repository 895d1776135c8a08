// src/two-tabs.test.js
import { createTestTokenManager } from "tokenhold/testing";
import { expect, test } from "vitest";

test("two tabs share one refresh, and one session", async () => {
  const { tokens, backend, clock, otherTab } = createTestTokenManager({ signedIn: "alice" });
  await tokens.ready;
  expect((await otherTab.tokens.fetch("/api/me")).status).toBe(200);
  expect(backend.requestsTo("/auth/refresh")).toHaveLength(1);

  await tokens.logout();
  await clock.settle();
  expect(otherTab.tokens.status).toBe("signed-out");
});
