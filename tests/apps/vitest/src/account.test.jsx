import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { createTestTokenManager } from "tokenhold/testing";
import { Account } from "./account.jsx";

afterEach(() => void (document.body.innerHTML = ""));

test("it says who is signed in, once that is known", async () => {
  const { tokens, backend, clock } = createTestTokenManager({ signedIn: { sub: "a", name: "Alice" } });
  const letGo = backend.hold("/auth/refresh");
  render(<Account tokens={tokens} />);
  expect(screen.getByText("One moment")).toBeTruthy();
  letGo();
  await act(() => clock.settle());
  expect(screen.getByText("Sign Alice out")).toBeTruthy();
});

test("signing out shows it, here and in other tabs", async () => {
  for (const how of ["here", "elsewhere"]) {
    const { tokens, clock, otherTab, backend } = createTestTokenManager({ signedIn: { sub: "a", name: "Alice" } });
    const { unmount } = render(<Account tokens={tokens} />);
    await act(() => clock.settle());
    if (how === "here") fireEvent.click(screen.getByRole("button"));
    await act(() => (how === "here" ? clock.settle() : otherTab.logout()));
    expect(screen.getByText("Please sign in")).toBeTruthy();
    expect(backend.hasSession).toBe(false);
    unmount();
  }
});
