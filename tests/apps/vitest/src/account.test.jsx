// src/account.test.jsx
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createTestTokenManager } from "tokenhold/testing";
import { afterEach, expect, test } from "vitest";
import { Account } from "./account.jsx";

const alice = { sub: "alice", name: "Alice" };

afterEach(cleanup);

test("it says who is signed in, once that is known", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: alice });
  const letGo = backend.hold("/auth/refresh");
  render(<Account tokens={tokens} />);
  expect(screen.getByText("One moment")).toBeTruthy();
  letGo();
  await act(() => clock.settle());
  expect(screen.getByText("Sign Alice out")).toBeTruthy();
});

test("it signs out", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: alice });
  await tokens.ready;
  render(<Account tokens={tokens} />);
  fireEvent.click(screen.getByRole("button"));
  await act(() => clock.settle());
  expect(screen.getByText("Please sign in")).toBeTruthy();
  expect(backend.hasSession).toBe(false);
});

test("it shows that another tab has signed out", async () => {
  const { tokens, otherTab } = createTestTokenManager({ signedIn: alice });
  await tokens.ready;
  render(<Account tokens={tokens} />);
  await act(() => otherTab.logout());
  expect(screen.getByText("Please sign in")).toBeTruthy();
});
