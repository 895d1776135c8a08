/** In every tab: answers the test's calls, and holds what tests use: `tokens`, `events`, `mishaps`. */
(() => {
  /** @type {import("tokenhold").EventType[]} */
  const kinds = ["change", "signed-in", "refreshed", "signed-out", "refresh-failed", "recovered", "step-up", "warning"];
  const tab = new URLSearchParams(location.search).get("tab");
  const native = {
    fetch: window.fetch.bind(window),
    WebSocket: window.WebSocket,
    setTimeout: window.setTimeout.bind(window),
  };

  window.events = [];
  window.mishaps = [];
  window.longestWait = 0;
  window.restored = 0;
  addEventListener("error", (event) => mishaps.push(String(event.error?.stack ?? event.error ?? event.message)));
  addEventListener("unhandledrejection", (event) => mishaps.push(String(event.reason?.stack ?? event.reason)));

  /** Creates the manager under test as `window.tokens`. */
  window.start = async (options = {}) => {
    const { createTokenManager } = await import("/tokenhold/index.js");
    window.tokens = await createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout", ...options });
    for (const kind of kinds) tokens.on(kind, (event) => events.push({ kind, event, at: Date.now() }));
  };

  /** Signs in as an app does: its own request to the login endpoint, whose answer the manager adopts. */
  window.signIn = async (username) => {
    const body = JSON.stringify({ username, password: "correct horse" });
    const answer = await native.fetch("/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Requested-With": "tokenhold" },
      body,
    });
    if (!answer.ok) throw new Error(`login answered ${answer.status}`);
    await tokens.signIn(await answer.json());
  };

  /** The status of a request's answer, or the code or name of its error. */
  window.outcome = async (request) => {
    try {
      const answer = await request;
      if (!(answer instanceof Response)) return "resolved";
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      return error?.code && typeof error.code === "string" ? error.code : (error?.name ?? String(error));
    }
  };

  /** Sends `count` requests at once, each with an address of its own; how many ended in which way. */
  window.burst = async (count, path) => {
    const label = `${tab}.${crypto.randomUUID().slice(0, 8)}`;
    const start = performance.now();
    const waited = () => (window.longestWait = Math.max(longestWait, performance.now() - start));
    const one = (n) => outcome(tokens.fetch(`${path}?as=${label}.${n}`)).finally(waited);
    return tally(await Promise.all(Array.from({ length: count }, (_, n) => one(n))));
  };

  window.tally = (outcomes) => {
    const counts = {};
    for (const key of outcomes) counts[key] = (counts[key] ?? 0) + 1;
    return counts;
  };

  /** Asks once a second until the API answers 200. */
  window.serveAgain = async () => {
    while ((await outcome(tokens.fetch("/api/me"))) !== 200) await new Promise((resolve) => setTimeout(resolve, 1_000));
  };

  /** Resolves once the manager's status is `status`. */
  window.reach = (status) =>
    new Promise((resolve) => {
      const stop = tokens.subscribe(check);
      check();
      function check() {
        if (tokens.status !== status) return;
        queueMicrotask(() => stop());
        resolve();
      }
    });

  /** Leaves the line: Firefox keeps no page with a WebSocket for Back. */
  window.hangUp = () =>
    new Promise((resolve) => {
      onTheLine = false;
      line.addEventListener("close", resolve);
      line.close();
    });

  let line;
  let onTheLine = true;
  let page = crypto.randomUUID();
  connect();
  addEventListener("pagehide", hangUp);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    restored += 1;
    onTheLine = true;
    page = crypto.randomUUID();
    connect();
  });

  function connect() {
    line = new native.WebSocket(`${location.origin.replace("http", "ws")}/e2e/line?tab=${tab}&page=${page}`);
    line.onmessage = async ({ target, data }) => {
      const { id, source, args } = JSON.parse(data);
      const text = JSON.stringify({ id, ...(await answer(source, args)) });
      const open = target.readyState === WebSocket.OPEN ? target : line;
      // A page that has just thawed may still be connecting the next one.
      if (open.readyState !== WebSocket.CONNECTING) open.send(text);
      else open.addEventListener("open", () => open.send(text));
    };
    // Chromium closes the line of a page that it freezes, and Firefox that of a page that it is about to leave.
    line.onclose = () => onTheLine && native.setTimeout(connect, 100);
  }

  async function answer(source, args) {
    try {
      // biome-ignore lint/security/noGlobalEval: the tests' functions travel into the page as text.
      return { value: await (0, eval)(`(${source})`)(...args) };
    } catch (error) {
      return { error: { name: error?.name, code: error?.code, text: String(error?.stack ?? error) } };
    }
  }
})();
