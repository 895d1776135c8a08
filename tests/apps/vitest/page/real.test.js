/** The manager itself, in jsdom, with MSW in the place of the network. */
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { createTokenManager } from "tokenhold";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const isSent = ({ request }) => request.headers.get("Authorization") === "Bearer opaque";

const server = setupServer(
  http.post("https://app.example.com/auth/refresh", () => HttpResponse.json({ access_token: "opaque" })),
  http.get("https://app.example.com/api/me", (asked) => new HttpResponse(null, { status: isSent(asked) ? 200 : 401 })),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

const options = {
  refresh: "https://app.example.com/auth/refresh",
  attachTo: ["https://app.example.com"],
  fetch: (...given) => fetch(...given),
};

test("MSW sees all requests of a manager that calls the fetch of the moment", async () => {
  const tokens = await createTokenManager(options);
  onTestFinished(() => tokens.dispose());
  await tokens.ready;
  expect(tokens.status).toBe("signed-in");
  expect((await tokens.fetch("https://app.example.com/api/me")).status).toBe(200);
});

test("a relative URL, which Node's Request does not take, is refused by name", async () => {
  const { code, message } = await createTokenManager({ ...options, refresh: "/auth/refresh" }).catch((error) => error);
  expect([code, message]).toEqual([
    "invalid-option",
    "option `refresh.url` must be absolute here: `Request` takes no relative one",
  ]);
});
