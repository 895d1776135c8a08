"use client";

import { useEffect, useState } from "react";
import { createTokenManager } from "tokenhold";

export function Session() {
  const [tokens, setTokens] = useState(null);
  const [status, setStatus] = useState("");
  const [name, setName] = useState("");

  useEffect(() => {
    const created = createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });
    created.then((tokens) => {
      setTokens(tokens);
      setStatus(tokens.status);
      tokens.subscribe(() => setStatus(tokens.status));
    });
    return () => void created.then((tokens) => tokens.dispose());
  }, []);

  const call = async () => setName((await (await tokens.fetch("/api/me")).json()).name);
  return (
    <>
      <p id="status">{status}</p>
      <p id="name">{name}</p>
      <button type="button" id="sign-in" onClick={async () => tokens.signIn(await login())}>
        Sign in
      </button>
      <button type="button" id="call" onClick={call}>
        Who am I?
      </button>
      <button type="button" id="sign-out" onClick={() => tokens.logout()}>
        Sign out
      </button>
    </>
  );
}

function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: "alice", password: "correct horse" }),
  });
}
