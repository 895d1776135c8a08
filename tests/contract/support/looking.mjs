/** The means by which behaviours observe a manager. */
import assert from "node:assert/strict";

export const REFRESH = "/auth/refresh";
export const LOGOUT = "/auth/logout";

const types = ["change", "signed-in", "refreshed", "signed-out", "refresh-failed", "recovered", "step-up", "warning"];

/**
 * The events from now on, in their order, as texts such as `signed-out ended`. The warning that a tab works alone is
 * left out, because it comes from the world in which a behaviour is tested.
 */
export function heard(tokens) {
  const events = [];
  for (const type of types) {
    tokens.on(type, ({ type, snapshot, reason, code, status }) => {
      if (code === "works-alone") return;
      const detail = {
        change: snapshot.status,
        "signed-out": reason,
        warning: code,
        "refresh-failed": status ?? "unanswered",
      };
      events.push([type, detail[type]].filter((part) => part !== undefined).join(" "));
    });
  }
  return events;
}

/** The number of requests that the backend has received for a URL or path. */
export function count(backend, route) {
  return backend.requestsTo(route).length;
}

/** The tokens that requests for a URL or path carried; `null` for one without. */
export function tokensAt(backend, route) {
  return backend.requestsTo(route).map(({ headers }) => headers.get("Authorization")?.replace("Bearer ", "") ?? null);
}

/** Fails unless the promise is rejected with an error of the manager's own, of that code. */
export async function refuses(promise, code) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  assert.equal(error?.name, "TokenholdError", String(error));
  assert.equal(error.code, code);
  return error;
}

/** The state of a promise by now. */
export async function outcome(promise, clock) {
  let seen = "pending";
  promise.then(
    () => (seen = "fulfilled"),
    () => (seen = "rejected"),
  );
  await clock.settle();
  return seen;
}

export const seconds = (number) => number * 1_000;
