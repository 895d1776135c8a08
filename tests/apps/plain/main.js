import { started } from "./tokens.js";

const $ = (id) => document.getElementById(id);

start();

async function start() {
  const tokens = await started;
  const show = () => ($("status").textContent = tokens.status);
  tokens.subscribe(show);
  show();
  $("sign-in").onclick = async () => tokens.signIn(await login());
  $("sign-out").onclick = () => tokens.logout();
  $("call").onclick = async () => {
    const answer = await tokens.fetch("/api/me");
    $("name").textContent = answer.ok ? (await answer.json()).name : answer.status;
  };
}

function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: "alice", password: "correct horse" }),
  });
}
