// src/orders.test.js
import { beforeEach, expect, test, vi } from "vitest";
import { orders } from "./orders.js";

const { tokens, backend, clock } = await vi.hoisted(async () => {
  const { createTestTokenManager } = await import("tokenhold/testing");
  return createTestTokenManager();
});
vi.mock("./tokens.js", () => ({ started: tokens }));

beforeEach(async () => {
  await tokens.signIn(backend.signIn("alice"));
  backend.requests.length = 0;
});

test("orders are fetched with the token", async () => {
  backend.respond("/api/orders", [{ id: 1 }]);
  expect(await orders()).toEqual([{ id: 1 }]);
  expect(backend.requests[0].headers.get("Authorization")).toMatch(/^Bearer /);
});

test("nobody notices that the API has rejected a token", async () => {
  backend.respond("/api/orders", []);
  await clock.advance(60_000);
  backend.rejectTokens();
  expect(await orders()).toEqual([]);
  expect(backend.requestsTo("/api/orders")).toHaveLength(2);
  expect(backend.requestsTo("/auth/refresh")).toHaveLength(1);
});

test("the session's end is told", async () => {
  const told = vi.fn();
  tokens.on("signed-out", ({ reason }) => told(reason));
  await clock.advance(60_000);
  backend.endSession();
  await expect(orders()).rejects.toThrow("orders: 401");
  expect(told).toHaveBeenCalledExactlyOnceWith("ended");
});
