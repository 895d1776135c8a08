import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestTokenManager } from "tokenhold/testing";

test("by node:test, with neither a flag nor a page", async () => {
  const { tokens, clock, otherTab } = createTestTokenManager({ signedIn: "alice" });
  await tokens.ready;
  assert.equal((await tokens.fetch("/api/me")).status, 200);
  await clock.advance(3_600_000);
  await otherTab.logout();
  assert.equal(tokens.status, "signed-out");
});
