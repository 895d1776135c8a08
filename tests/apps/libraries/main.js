import { createTokenManager } from "tokenhold";
import { clients } from "./clients.js";
import { intercepted } from "./intercepted.js";

const $ = (id) => document.getElementById(id);

start();

async function start() {
  const tokens = await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });
  const show = () => ($("status").textContent = tokens.status);
  tokens.subscribe(show);
  show();
  const { ky, ...others } = clients(tokens);
  $("sign-in").onclick = async () => tokens.signIn(await login());
  $("sign-out").onclick = () => tokens.logout();
  $("call").onclick = async () => ($("name").textContent = (await ky.read()).name);
  Object.assign(window, { clients: { ky, ...others }, tokens, intercepted: intercepted(tokens) });
}

function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: "alice", password: "correct horse" }),
  });
}
