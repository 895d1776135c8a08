/**
 * Everything that takes several steps in the browser, but for requests: see `requests.js`. The files in Rust beside this one say what each
 * part is for.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {[content: Bytes, publicKey: Bytes, nonce: Bytes, news: Bytes]} Sealed
 */

/** A lock that is held, or waited for, until it is let go. */
export class Lock {
  /** Waits for it, then calls `granted`, or with the error if the browser refuses it. */
  constructor(/** @type {string} */ name, /** @type {(error?: unknown) => void} */ granted) {
    const controller = new AbortController();
    const { signal } = controller;
    this.letGo = () => controller.abort();
    const hold = (/** @type {(value?: unknown) => void} */ release) => {
      this.letGo = release;
      granted();
    };
    // A browser that has granted it already may still say so after the wait was aborted.
    const asked = navigator.locks.request(name, { signal }, () => signal.aborted || new Promise(hold));
    // One that is let go while it is waited for, or stolen later, is no refusal.
    asked.catch((error) => signal.aborted || error?.name === "AbortError" || granted(error));
  }
}

/** The locks that are held and whose names begin with `group`: the rest of the `name`, and the `client` that holds it. */
export async function query(/** @type {string} */ group) {
  const { held = [] } = await navigator.locks.query();
  const ours = held.filter(({ name }) => name?.startsWith(group));
  return ours.map(({ name, clientId }) => ({ name: name?.slice(group.length), client: clientId }));
}

/** No message between tabs is longer, in bytes. */
const LONGEST = 128 * 1024;

/**
 * Carries what the tabs of a group tell each other, until it is closed: to all of them, or to one, by a channel of its own.
 * On the channel of all, a message to one tab would cost every tab time. Throws where there is no such thing.
 */
export class Channel {
  #group;
  /** @type {BroadcastChannel[]} */ #open;

  /** Calls `hear` with each message that is made of bytes, and for all, or for the tab `own`. */
  constructor(
    /** @type {string} */ group,
    /** @type {bigint} */ own,
    /** @type {(message: Uint8Array) => void} */ hear,
  ) {
    this.#group = group;
    this.#open = [group, ofTab(group, own)].map((name) => new BroadcastChannel(name));
    for (const channel of this.#open)
      channel.onmessage = ({ data }) => {
        if (data instanceof Uint8Array && data.length <= LONGEST) hear(data);
      };
  }

  /** The bytes are in the memory of the module, all of which would be posted with them. */
  post(/** @type {Bytes} */ bytes, /** @type {bigint | undefined} */ to) {
    const message = bytes.slice();
    if (to === undefined) return this.#open[0]?.postMessage(message);
    try {
      const channel = new BroadcastChannel(ofTab(this.#group, to));
      channel.postMessage(message);
      channel.close();
    } catch {
      // Storage may be forbidden by now. The tab that waits asks another one.
    }
  }

  close() {
    for (const channel of this.#open) {
      channel.onmessage = null;
      channel.close();
    }
  }
}

const ofTab = (/** @type {string} */ group, /** @type {bigint} */ tab) => `${group}:tab:${tab}`;

/** How Rust makes, reads and writes an object: see `js.rs`. */
export const record = () => ({ __proto__: null });
export const field = (/** @type {any} */ object, /** @type {string} */ name) => object?.[name];
export const setField = Reflect.set;

export const ownFetch = () => globalThis.fetch;
/** When the page began to be one that may act. */
let began = NaN;
/**
 * Milliseconds that never run backwards. They do not run while the page is prerendered: the browser keeps its locks waiting
 * until somebody sees it.
 */
export function elapsed() {
  const { performance } = /** @type {any} */ (globalThis);
  if (Number.isNaN(began)) {
    if (/** @type {any} */ (globalThis.document)?.prerendering) return 0;
    began = performance.getEntriesByType?.("navigation")[0]?.activationStart ?? 0;
  }
  return performance.now() - began;
}
/** 32 random bits. */
export const random = () => crypto.getRandomValues(new Uint32Array(1))[0];
/** Whether a person may be looking; a worker never knows. */
export const isVisible = () => globalThis.document?.visibilityState !== "hidden";

/** Whether tabs can meet here. In an insecure context they cannot. */
export const canMeet = () =>
  Boolean(globalThis.navigator?.locks && globalThis.crypto?.subtle && globalThis.BroadcastChannel);

/**
 * Listens to the page until what it returns is called. In a worker, only the network comes and goes. `pagehide` comes when
 * the next page has been fetched, and with it perhaps the cookie of another session.
 */
export function watch(/** @type {(type: string) => void} */ tell) {
  const hear = (/** @type {any} */ { type, persisted }) => {
    if (persisted || !type.startsWith("page")) tell(type);
    else if (type === "pagehide") tell("beforeunload");
  };
  const change = (/** @type {"addEventListener" | "removeEventListener"} */ how) => {
    for (const type of ["online", "focus", "beforeunload", "pagehide", "pageshow"]) globalThis[how]?.(type, hear);
    for (const type of ["resume", "visibilitychange"]) globalThis.document?.[how](type, hear);
  };
  change("addEventListener");
  return () => change("removeEventListener");
}

/** Calls `settled(value, rejected)` when the promise is settled. */
export function tell(/** @type {Promise<unknown>} */ promise, /** @type {(...outcome: unknown[]) => void} */ settled) {
  promise.then(
    (value) => settled(value, false),
    (reason) => settled(reason, true),
  );
}

const CURVE = { name: "ECDH", namedCurve: "P-256" };
/** Binds the derived key to its use and to this format. */
const CONTEXT = "tokenhold hand-over 1";

/** A tab's key pair, made when first needed. */
export class Keys {
  /** @type {Promise<CryptoKeyPair> | undefined} */ #made;

  get #pair() {
    return (this.#made ??= crypto.subtle.generateKey(CURVE, false, ["deriveKey"]));
  }

  async publicKey() {
    const { publicKey } = await this.#pair;
    return new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  }

  /** Returns the public key, the nonce, and the sealed content, in one. */
  async seal(/** @type {Bytes} */ content, /** @type {Bytes} */ other, /** @type {Bytes} */ news) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await this.#turn("encrypt", content, other, nonce, news);
    return new Uint8Array([...(await this.publicKey()), ...nonce, ...sealed]);
  }

  /** Opens what is sealed: the token as bytes, and what of it may be read. Rejects if the seal is not of these news and keys. */
  async open(/** @type {Sealed} */ ...sealed) {
    const token = await this.#turn("decrypt", ...sealed);
    // A text cannot be wiped: the signature, without which the token is worth nothing, never becomes one.
    const unsigned = token.subarray(0, token.lastIndexOf(".".charCodeAt(0)) + 1);
    return { token, unsigned: new TextDecoder().decode(unsigned) };
  }

  /** All bytes are copied before anything is waited for: they are in the memory of the module. Nothing is left of the content. */
  async #turn(/** @type {"encrypt" | "decrypt"} */ direction, /** @type {Sealed} */ ...bytes) {
    const copies = bytes.map((each) => each.slice());
    const [content, other, iv, additionalData] = /** @type {Sealed} */ (copies);
    try {
      const { subtle } = crypto;
      const { privateKey } = await this.#pair;
      const theirs = await subtle.importKey("raw", other, CURVE, true, []);
      const secret = await subtle.deriveKey({ ...CURVE, public: theirs }, privateKey, "HKDF", false, ["deriveKey"]);
      const info = new TextEncoder().encode(CONTEXT);
      const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
      const key = await subtle.deriveKey(hkdf, secret, { name: "AES-GCM", length: 256 }, false, [direction]);
      return new Uint8Array(await subtle[direction]({ name: "AES-GCM", iv, additionalData }, key, content));
    } finally {
      content.fill(0);
    }
  }
}
