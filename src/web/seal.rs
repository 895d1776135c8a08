//! Sealing a token for one other tab: ECDH on P-256 between the tabs' own ephemeral keys, HKDF,
//! AES-GCM (all WebCrypto, in `browser.js`). Private keys cannot be exported and live as long as
//! their page.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::claims;
use super::js::Record;
use crate::core::{AccessToken, Ask, Claims, HandOver, News, PublicKey};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// A tab's key pair.
    pub(crate) type Keys;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Keys;

    #[wasm_bindgen(method, js_name = publicKey)]
    fn public_key(this: &Keys) -> Promise;

    #[wasm_bindgen(method)]
    fn seal(this: &Keys, content: &[u8], other: &[u8], news: &[u8]) -> Promise;

    #[wasm_bindgen(js_name = random)]
    fn random_half() -> u32;

    #[wasm_bindgen(method)]
    fn open(this: &Keys, content: &[u8], other: &[u8], nonce: &[u8], news: &[u8]) -> Promise;
}

impl Keys {
    /// A promise of what [`public`] reads.
    pub(crate) fn show(&self) -> Promise {
        self.public_key()
    }

    /// Seals the token to the key of the peer that asks: a promise of the value that [`hand_over`] reads.
    pub(crate) fn seal_for(&self, ask: &Ask, news: &News, token: &AccessToken) -> Promise {
        self.seal(token.expose().as_bytes(), &ask.key, &news.encode())
    }

    /// A promise of what [`token`] reads.
    pub(crate) fn unseal(&self, from: &HandOver) -> Promise {
        self.open(&from.sealed, &from.key, &from.nonce, &from.news.encode())
    }
}

/// This tab's public key.
pub(crate) fn public(key: Result<JsValue, JsValue>) -> Option<PublicKey> {
    bytes(key)?.try_into().ok()
}

/// The message that carries the sealed token.
pub(crate) fn hand_over(
    ask: &Ask,
    news: News,
    sealed: Result<JsValue, JsValue>,
) -> Option<HandOver> {
    let bytes = bytes(sealed)?;
    let (key, rest) = bytes.split_first_chunk()?;
    let (nonce, sealed) = rest.split_first_chunk()?;
    Some(HandOver {
        to: ask.from,
        news,
        key: *key,
        nonce: *nonce,
        sealed: sealed.to_vec(),
    })
}

/// The token in an opened message, with its claims. The message's bytes are erased.
/// `identity` names the claims that make a person.
pub(crate) fn token(
    opened: Result<JsValue, JsValue>,
    identity: &JsValue,
) -> Option<(AccessToken, Option<Claims>)> {
    let opened = Record::of(opened.ok()?);
    let content: Uint8Array = opened.get("token").unchecked_into();
    let bytes = Zeroizing::new(content.to_vec());
    content.fill(0, 0, content.length());
    // Each byte is one character, because a token is ASCII. Any other text is refused.
    let token = AccessToken::parse(bytes.iter().copied().map(char::from).collect())?;
    let said = Record::of(claims::said(&opened.get("unsigned"), identity));
    let claims = claims::read(token.expose(), &said);
    Some((token, claims))
}

/// Random bits for numbers and random delays. They seal nothing.
pub(crate) fn random() -> u64 {
    u64::from(random_half()) << 32 | u64::from(random_half())
}

fn bytes(made: Result<JsValue, JsValue>) -> Option<Vec<u8>> {
    Some(made.ok()?.unchecked_into::<Uint8Array>().to_vec())
}
