/** The page's address says in which form the module is given: `/?bytes`. */
const url = "/node_modules/tokenhold/dist/tokenhold.wasm";

const forms = {
  url: () => url,
  response: () => fetch(url),
  bytes: async () => (await fetch(url)).arrayBuffer(),
  module: () => WebAssembly.compileStreaming(fetch(url)),
};

const $ = (id) => document.getElementById(id);

start().catch(({ code, message }) => ($("status").textContent = `${code}: ${message}`));

async function start() {
  const form = forms[location.search.slice(1)];
  const { createTokenManager } = await import(form ? "tokenhold/slim" : "tokenhold");
  const create = (wasm = form?.()) => createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout", wasm });
  const tokens = await create();
  const show = () => ($("status").textContent = tokens.status);
  tokens.subscribe(show);
  show();
  $("sign-in").onclick = async () => tokens.signIn(await login());
  $("sign-out").onclick = () => tokens.logout();
  $("call").onclick = async () => ($("name").textContent = (await (await tokens.fetch("/api/me")).json()).name);
  Object.assign(window, { create, tokens });
}

function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: "alice", password: "correct horse" }),
  });
}
