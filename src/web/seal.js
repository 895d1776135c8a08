/**
 * Sealing a token for one other tab: ECDH on P-256 between the tabs' own ephemeral keys, HKDF, AES-GCM (all WebCrypto).
 * Private keys cannot be exported and live as long as their page.
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** Binds the derived key to its use and to this format. */
const CONTEXT = "tokenhold hand-over 1";

/** A tab's key pair, made when first needed. */
export class Keys {
  #made;

  get #pair() {
    return (this.#made ??= crypto.subtle.generateKey(CURVE, false, ["deriveKey"]));
  }

  async publicKey() {
    const { publicKey } = await this.#pair;
    return new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  }

  /** Returns the public key, the nonce, and the sealed content, in one. */
  async seal(content, other, news) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await this.#turn("encrypt", content, other, nonce, news);
    return new Uint8Array([...(await this.publicKey()), ...nonce, ...sealed]);
  }

  /** Rejects if the seal is not of these news and keys. */
  open(content, other, nonce, news) {
    return this.#turn("decrypt", content, other, nonce, news);
  }

  /** All bytes are copied before anything is waited for: they are in the memory of the module. Nothing is left of the content. */
  async #turn(direction, ...bytes) {
    const [content, other, iv, additionalData] = bytes.map((each) => each.slice());
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
