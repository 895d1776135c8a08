import { beforeEach, expect, test, vi } from "vitest";
import { createTestTokenManager } from "tokenhold/testing";

const world = vi.hoisted(() => ({}));
vi.mock("./tokens.js", () => ({
  get tokens() {
    return world.tokens;
  },
}));

const { orders } = await import("./orders.js");

beforeEach(() => {
  Object.assign(world, createTestTokenManager({ signedIn: "alice" }));
  return () => world.tokens.dispose();
});

test("orders are fetched with the token", async () => {
  const { backend } = world;
  backend.respond("/api/orders", [{ id: 1 }]);
  expect(await orders()).toEqual([{ id: 1 }]);
  expect(backend.requestsTo("/api/orders")[0].headers.get("Authorization")).toMatch(/^Bearer /);
});

test("a token that the API rejects is not noticed", async () => {
  const { tokens, backend, clock } = world;
  backend.respond("/api/orders", []);
  await tokens.ready;
  await clock.advance(60_000);
  backend.rejectTokens();
  expect(await orders()).toEqual([]);
  expect(backend.requestsTo("/api/orders")).toHaveLength(2);
});

test("who is not signed in any more is told so", async () => {
  const { tokens, backend, clock } = world;
  const reasons = [];
  tokens.on("signed-out", ({ reason }) => reasons.push(reason));
  await tokens.ready;
  await clock.advance(60_000);
  backend.endSession();
  await expect(orders()).rejects.toThrow("orders: 401");
  expect(reasons).toEqual(["ended"]);
});
