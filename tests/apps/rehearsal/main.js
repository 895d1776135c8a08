import { createTestTokenManager } from "./node_modules/tokenhold/dist/testing/index.js";

rehearse();

async function rehearse() {
  const { tokens, backend, clock, otherTab } = createTestTokenManager({ signedIn: "alice" });
  await tokens.ready;
  await clock.advance(60_000);
  backend.rejectTokens();
  const { status } = await tokens.fetch("/api/me");
  await otherTab.logout();
  document.getElementById("status").textContent = [status, tokens.status].join(" ");
}
