import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isTokenholdError, TokenholdError } from "tokenhold";
import { createTestTokenManager } from "tokenhold/testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("timers that the test replaces do not stop the fake", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: "alice" });
  const refreshed = vi.fn();
  tokens.on("refreshed", refreshed);
  await tokens.ready;
  expect((await tokens.fetch("/api/me")).status).toBe(200);
  await clock.advance(300_000);
  expect(refreshed).toHaveBeenCalledOnce();
  expect(backend.requestsTo("/auth/refresh")).toHaveLength(2);
});

test("its errors are those of the package", async () => {
  const { tokens } = createTestTokenManager();
  await tokens.ready;
  const error = await tokens.refresh().catch((reason) => reason);
  expect(error).toBeInstanceOf(TokenholdError);
  expect(isTokenholdError(error)).toBe(true);
});

test("a signal aborts what waits", async () => {
  const { tokens, backend } = createTestTokenManager({ signedIn: "alice" });
  backend.hold();
  const controller = new AbortController();
  const call = tokens.fetch("/api/me", { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toThrow();
});
