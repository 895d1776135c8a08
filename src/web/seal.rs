//! Sealing a token for one other tab: ECDH on P-256 between the tabs' own ephemeral keys, HKDF,
//! AES-GCM (all WebCrypto). Private keys cannot be exported and live as long as their page.

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Crypto;
use zeroize::Zeroizing;

use super::js::{self, Literal, settled};
use crate::core::{AccessToken, HandOver, PublicKey};

/// Binds the derived key to its use and to this format.
const CONTEXT: &[u8] = b"tokenhold hand-over 1";

/// A tab's key pair.
pub(crate) struct Keys {
    private: JsValue,
    public: PublicKey,
}

/// Whether there is WebCrypto here.
pub(crate) fn is_available() -> bool {
    !js::get(&js::global("crypto"), "subtle").is_undefined()
}

/// Random bits for numbering and spreading; nothing is sealed with them.
pub(crate) fn random() -> u64 {
    u64::from_le_bytes(random_bytes())
}

/// What is done to a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Seal,
    Open,
}

impl Direction {
    /// As WebCrypto calls it.
    fn as_str(self) -> &'static str {
        match self {
            Direction::Seal => "encrypt",
            Direction::Open => "decrypt",
        }
    }
}

impl Keys {
    pub(crate) async fn generate() -> Result<Keys, JsValue> {
        let made = subtle(
            "generateKey",
            &[&ecdh(None), &JsValue::FALSE, &usage("deriveKey")],
        );
        let pair = settled(made).await?;
        let exported = subtle("exportKey", &[&"raw".into(), &js::get(&pair, "publicKey")]);
        let public = Uint8Array::new(&settled(exported).await?).to_vec();
        Ok(Keys {
            private: js::get(&pair, "privateKey"),
            public: public.try_into().map_err(|_| JsValue::UNDEFINED)?,
        })
    }

    pub(crate) fn public(&self) -> PublicKey {
        self.public
    }

    /// Seals or opens the content of what goes with these news to the owner of that key, or comes
    /// from there; fails if the seal is not of these news and keys. Nothing is left of the content.
    pub(crate) async fn turn(
        &self,
        direction: Direction,
        other: &HandOver,
        content: &Uint8Array,
    ) -> Result<Uint8Array, JsValue> {
        let direction = direction.as_str();
        let key = self.shared_key(direction, &other.key).await?;
        let cipher = Literal::new()
            .text("name", "AES-GCM")
            .bytes("iv", &other.nonce)
            .bytes("additionalData", &other.news.encode())
            .build();
        let output = settled(subtle(direction, &[&cipher, &key, content])).await;
        wipe(content);
        Ok(Uint8Array::new(&output?))
    }

    async fn shared_key(&self, direction: &str, other: &PublicKey) -> Result<JsValue, JsValue> {
        let other = Uint8Array::from(other.as_slice());
        let imported = subtle(
            "importKey",
            &[
                &"raw".into(),
                &other,
                &ecdh(None),
                &JsValue::TRUE,
                &Array::new(),
            ],
        );
        let other = settled(imported).await?;
        let agreed = subtle(
            "deriveKey",
            &[
                &ecdh(Some(other)),
                &self.private,
                &"HKDF".into(),
                &JsValue::FALSE,
                &usage("deriveKey"),
            ],
        );
        let secret = settled(agreed).await?;
        let hkdf = Literal::new()
            .text("name", "HKDF")
            .text("hash", "SHA-256")
            .bytes("salt", &[])
            .bytes("info", CONTEXT)
            .build();
        let aes = Literal::new()
            .text("name", "AES-GCM")
            .with("length", 256.into())
            .build();
        let derived = subtle(
            "deriveKey",
            &[&hkdf, &secret, &aes, &JsValue::FALSE, &usage(direction)],
        );
        settled(derived).await
    }
}

/// The token in what has been opened, of which nothing is left.
pub(crate) fn token(opened: &Uint8Array) -> Option<AccessToken> {
    let mut bytes = Zeroizing::new(opened.to_vec());
    wipe(opened);
    AccessToken::parse(String::from_utf8(std::mem::take(&mut *bytes)).ok()?)
}

fn wipe(bytes: &Uint8Array) {
    bytes.fill(0, 0, bytes.length());
}

fn ecdh(public: Option<JsValue>) -> Object {
    let mut algorithm = Literal::new()
        .text("name", "ECDH")
        .text("namedCurve", "P-256");
    if let Some(public) = public {
        algorithm = algorithm.with("public", public);
    }
    algorithm.build()
}

fn usage(only: &str) -> Array {
    Array::of1(&only.into())
}

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // It fails only for requests of more than 65,536 bytes.
    let _ = crypto().get_random_values_with_u8_array(&mut bytes);
    bytes
}

fn crypto() -> Crypto {
    js::global("crypto").unchecked_into()
}

fn subtle(method: &str, arguments: &[&JsValue]) -> Result<Promise, JsValue> {
    let subtle = js::get(&crypto(), "subtle");
    Ok(js::invoke(&subtle, method, arguments)?.unchecked_into())
}
