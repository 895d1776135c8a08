// src/msw.test.js
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { createTestTokenManager } from "tokenhold/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const server = setupServer(http.get("https://api.example.com/orders", () => HttpResponse.json([{ id: 1 }])));

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

test("handlers of MSW answer requests that have a valid token", async () => {
  const { tokens, backend } = createTestTokenManager({
    signedIn: "alice",
    attachTo: ["https://api.example.com"],
  });
  backend.respond("*", (request) => fetch(request));
  const orders = () => tokens.fetch("https://api.example.com/orders");
  expect(await (await orders()).json()).toEqual([{ id: 1 }]);
  await tokens.logout();
  expect((await orders()).status).toBe(401);
});
