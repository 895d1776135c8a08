/**
 * An app whose address says when its tracing begins, `?tracing=first` or `?tracing=late`, and how it sends its requests:
 * `&fetch=now`, by a manager that calls the `fetch` of the moment, or `&fetch=traced`, with a span around each.
 */
const $ = (id) => document.getElementById(id);
const how = new URLSearchParams(location.search);

start();

async function start() {
  if (how.get("tracing") === "first") await import("./tracing.js");
  const { createTokenManager } = await import("tokenhold");
  const { recorded } = await import("./tracing.js");
  const { traced } = await import("./traced.js");
  const own = how.get("fetch") === "now" ? { fetch: (...given) => fetch(...given) } : {};
  const tokens = await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout", ...own });
  const show = () => ($("status").textContent = tokens.status);
  tokens.subscribe(show);
  show();
  $("sign-in").onclick = async () => tokens.signIn(await login());
  $("sign-out").onclick = () => tokens.logout();
  const send = how.get("fetch") === "traced" ? traced(tokens.fetch) : tokens.fetch;
  $("call").onclick = async () => ($("name").textContent = (await (await send("/api/me")).json()).name);
  Object.assign(window, { recorded, send, tokens });
}

function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: "alice", password: "correct horse" }),
  });
}
