/** In every tab, before any other script: remembers what leaves by other doors than the network, and can search it. */
(() => {
  const seen = { messages: [], console: [], timers: [] };
  window.witness = { seen, findings };

  wrapMessages(BroadcastChannel.prototype, "BroadcastChannel");
  wrapMessages(MessagePort.prototype, "MessagePort");
  wrapMessages(Worker.prototype, "Worker");
  wrapMessages(window, "window");
  wrapConsole();
  wrapTimers();

  /** Every place in which one of `secrets` can be read, by name; the `extra` values are searched too. */
  async function findings(secrets, extra = {}) {
    const places = {
      ...(await storage()),
      ...page(),
      ...seen,
      events: window.events,
      mishaps: window.mishaps,
      ...extra,
    };
    return Object.keys(places).filter((name) => reveals(places[name], secrets));
  }

  async function storage() {
    return {
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      indexedDB: await databases(),
      caches: await cached(),
      cookie: document.cookie,
    };
  }

  function page() {
    return {
      history: history.state,
      address: location.href,
      windowName: window.name,
      html: document.documentElement.outerHTML,
      loads: performance.getEntries().map(({ name }) => name),
      globals: Object.entries(window).filter(([name]) => !["witness", "events", "mishaps"].includes(name)),
    };
  }

  async function databases() {
    const found = [];
    for (const { name } of await indexedDB.databases()) found.push(name, await records(await opened(name)));
    return found;
  }

  async function records(database) {
    const stores = [...database.objectStoreNames];
    if (stores.length === 0) return [];
    const transaction = database.transaction(stores);
    const all = stores.map((store) => done(transaction.objectStore(store).getAll()));
    const keys = stores.map((store) => done(transaction.objectStore(store).getAllKeys()));
    const contents = await Promise.all([...all, ...keys]);
    database.close();
    return contents;
  }

  function opened(name) {
    return done(indexedDB.open(name));
  }

  function done(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function cached() {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        found.push(name, request.url, [...request.headers], await (await cache.match(request)).text());
      }
    }
    return found;
  }

  function wrapMessages(target, name) {
    const native = target.postMessage;
    target.postMessage = function (message, ...rest) {
      seen.messages.push({ name, channel: this?.name, message });
      return native.call(this, message, ...rest);
    };
  }

  function wrapConsole() {
    for (const method of ["debug", "log", "info", "warn", "error", "trace", "dir", "table", "assert", "group"]) {
      const native = console[method];
      console[method] = (...args) => {
        seen.console.push({ method, args });
        native.apply(console, args);
      };
    }
  }

  function wrapTimers() {
    for (const kind of ["setTimeout", "setInterval"]) {
      const native = window[kind];
      window[kind] = (handler, delay, ...args) => {
        seen.timers.push({ kind, delay, at: Date.now() });
        return native.call(window, handler, delay, ...args);
      };
    }
  }

  /** Whether `value`, walked to its ends, holds one of `secrets` as text or as bytes. */
  function reveals(value, secrets, visited = new Set()) {
    if (typeof value === "string") return secrets.some((secret) => value.includes(secret));
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
    if (visited.has(value)) return false;
    visited.add(value);
    if (value instanceof ArrayBuffer) return bytesReveal(new Uint8Array(value), secrets);
    if (ArrayBuffer.isView(value)) return bytesReveal(new Uint8Array(value.buffer), secrets);
    if (value === window || value instanceof Node) return false;
    return inside(value).some((part) => reveals(part, secrets, visited));
  }

  function inside(value) {
    const parts = [];
    if (value instanceof Map || value instanceof Set) parts.push(...[...value].flat());
    if (value instanceof Error) parts.push(String(value), value.stack, value.cause);
    if (value instanceof Headers) parts.push([...value].flat());
    for (const key of Reflect.ownKeys(value))
      parts.push(
        String(key),
        attempt(() => value[key]),
      );
    parts.push(
      attempt(() => String(value)),
      attempt(() => JSON.stringify(value)),
    );
    return parts;
  }

  function bytesReveal(bytes, secrets) {
    return ["latin1", "utf-16le"].some((encoding) => {
      const decoded = new TextDecoder(encoding).decode(bytes);
      return secrets.some((secret) => decoded.includes(secret));
    });
  }

  function attempt(read) {
    try {
      return read();
    } catch {
      return undefined;
    }
  }
})();
