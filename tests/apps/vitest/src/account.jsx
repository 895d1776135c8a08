// src/account.jsx
import { useSyncExternalStore } from "react";

export function Account({ tokens }) {
  const { status, claims } = useSyncExternalStore(tokens.subscribe, tokens.snapshot);
  if (status === "restoring") return <p>One moment</p>;
  if (status === "signed-out") return <p>Please sign in</p>;
  return (
    <button type="button" onClick={() => tokens.logout()}>
      Sign {claims.name} out
    </button>
  );
}
