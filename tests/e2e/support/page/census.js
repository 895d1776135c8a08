/** Loaded on demand, before the manager is: counts what it leaves behind in the page. */
(() => {
  const listeners = new Map();
  const timers = new Set();
  const frames = new Set();
  const channels = new Set();
  let locks = 0;

  countListeners();
  countTimers();
  countIntervals();
  countFrames();
  countChannels();
  countLocks();

  /**
   * The current counts: listeners, timers that have not rung, requested frames, open channels, locks held or waited
   * for.
   */
  window.census = () => ({
    listeners: [...listeners.values()].reduce((sum, count) => sum + count, 0),
    timers: timers.size,
    frames: frames.size,
    channels: channels.size,
    locks,
    memory: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  });

  function countListeners() {
    const known = new WeakMap();
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const change = (kind, by) => listeners.set(kind, (listeners.get(kind) ?? 0) + by);
    const of = (target, kind) => {
      if (!known.has(target)) known.set(target, new Map());
      const kinds = known.get(target);
      return kinds.get(kind) ?? kinds.set(kind, new Set()).get(kind);
    };
    const forget = (target, kind, heard) => of(target, kind).delete(heard) && change(kind, -1);
    EventTarget.prototype.addEventListener = function (kind, heard, ...rest) {
      const set = of(this ?? window, kind);
      if (!set.has(heard)) change(kind, 1);
      set.add(heard);
      const [signal] = rest.map((options) => options?.signal).filter(Boolean);
      if (signal) addEventListener.call(signal, "abort", () => forget(this ?? window, kind, heard), { once: true });
      return addEventListener.call(this ?? window, kind, heard, ...rest);
    };
    EventTarget.prototype.removeEventListener = function (kind, heard, ...rest) {
      forget(this ?? window, kind, heard);
      return removeEventListener.call(this ?? window, kind, heard, ...rest);
    };
  }

  function countTimers() {
    const { setTimeout, clearTimeout } = window;
    window.setTimeout = (ring, delay, ...args) => {
      const id = setTimeout(() => {
        timers.delete(id);
        ring(...args);
      }, delay);
      timers.add(id);
      return id;
    };
    window.clearTimeout = (id) => {
      timers.delete(id);
      clearTimeout(id);
    };
  }

  function countIntervals() {
    const { setInterval, clearInterval } = window;
    window.setInterval = (...args) => {
      const id = setInterval(...args);
      timers.add(id);
      return id;
    };
    window.clearInterval = (id) => {
      timers.delete(id);
      clearInterval(id);
    };
  }

  function countFrames() {
    const { requestAnimationFrame, cancelAnimationFrame } = window;
    window.requestAnimationFrame = (draw) => {
      const id = requestAnimationFrame((now) => {
        frames.delete(id);
        draw(now);
      });
      frames.add(id);
      return id;
    };
    window.cancelAnimationFrame = (id) => {
      frames.delete(id);
      cancelAnimationFrame(id);
    };
  }

  function countChannels() {
    const Native = window.BroadcastChannel;
    window.BroadcastChannel = class extends Native {
      constructor(name) {
        super(name);
        channels.add(this);
      }
      close() {
        channels.delete(this);
        super.close();
      }
    };
  }

  function countLocks() {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = function (...args) {
      locks += 1;
      const over = request.apply(this, args);
      const end = () => (locks -= 1);
      over.then(end, end);
      return over;
    };
  }

  const memories = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    const { exports } = made.instance ?? made;
    memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
    return made;
  };

  /** Answers without a network: a new token for each refresh, 200 for all else. */
  window.loopback = async (...given) => {
    const { url, signal } = given[0] instanceof Request ? given[0] : new Request(...given);
    if (signal.aborted) throw signal.reason;
    if (url.endsWith("/auth/refresh"))
      return Response.json({ access_token: crypto.randomUUID().repeat(8), expires_in: 300 });
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };

  /** So many refreshes, one after the other. */
  window.refreshes = async (count) => {
    for (let done = 0; done < count; done++) await tokens.refresh();
  };

  /** So many requests, 50 at a time: with bodies, without, and some that are aborted. */
  window.requests = async (count) => {
    for (let done = 0; done < count; done += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => oneRequest(at)));
  };

  function oneRequest(at) {
    const controller = new AbortController();
    const body = at % 3 === 0 ? new Uint8Array(1_000) : undefined;
    const sent = outcome(tokens.fetch("/api/me", { method: body ? "POST" : "GET", body, signal: controller.signal }));
    if (at % 10 === 0) controller.abort();
    return sent;
  }
})();
