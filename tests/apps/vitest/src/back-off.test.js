// src/back-off.test.js
import { createTestTokenManager } from "tokenhold/testing";
import { expect, test } from "vitest";

test("a backend that is down for a while signs nobody out", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: "alice", expiresIn: 300 });
  const waits = [];
  tokens.on("refresh-failed", ({ retryInMs }) => waits.push(retryInMs));
  await tokens.ready;

  backend.fail({ status: 503, retryAfter: 20 });
  await clock.advance(270_000);
  expect(waits[0]).toBeGreaterThanOrEqual(20_000);
  expect((await tokens.fetch("/api/me")).status).toBe(200);

  backend.recover();
  await clock.advance(60_000);
  expect(tokens.status).toBe("signed-in");
  expect(tokens.expiresAt).toBeGreaterThan(clock.now);
});
