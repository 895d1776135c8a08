import { createTokenManager } from "tokenhold";

/**
 * Counts for the tests: how often something was rendered, the listeners of the manager, the complaints of the
 * framework.
 */
export const census = { renders: {}, listeners: 0, complaints: [] };
globalThis.census = census;

export function rendered(what) {
  census.renders[what] = (census.renders[what] ?? 0) + 1;
}

export async function start() {
  return counting(await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" }));
}

/** Signs the person in whom the page's address names: `/?bob`. */
export const person = globalThis.location?.search.slice(1) || "alice";

export function login() {
  return fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "an app" },
    body: JSON.stringify({ username: person, password: "correct horse" }),
  });
}

export async function nameOf(answer) {
  return answer.ok ? (await answer.json()).name : String(answer.status);
}

function counting(tokens) {
  for (const name of ["on", "subscribe"]) {
    const listen = tokens[name].bind(tokens);
    tokens[name] = (...args) => {
      const off = listen(...args);
      census.listeners += 1;
      return () => {
        census.listeners -= 1;
        off();
      };
    };
  }
  return tokens;
}

for (const level of ["error", "warn"]) {
  const say = console[level];
  console[level] = (...args) => {
    census.complaints.push(args.map(String).join(" "));
    say(...args);
  };
}

// React reports what it could recover from, as an uncaught error.
globalThis.addEventListener?.("error", ({ message }) => census.complaints.push(message));
