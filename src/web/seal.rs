//! Sealing a token for one other tab: ECDH on P-256 between the tabs' own ephemeral keys, HKDF,
//! AES-GCM (all WebCrypto). Private keys cannot be exported and live as long as their page.

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Crypto;
use zeroize::Zeroizing;

use super::js::{self, Literal, settled};
use crate::core::{AccessToken, Ask, HandOver, News, Nonce, PublicKey};

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

    /// Seals a token to the tab that asked for it.
    pub(crate) async fn seal(
        &self,
        ask: &Ask,
        news: News,
        token: AccessToken,
    ) -> Result<HandOver, JsValue> {
        let nonce: Nonce = random_bytes();
        let plain = Uint8Array::from(token.expose().as_bytes());
        let sealed = self
            .transform("encrypt", &ask.key, &nonce, &news, &plain)
            .await;
        plain.fill(0, 0, plain.length());
        Ok(HandOver {
            to: ask.from,
            news,
            key: self.public,
            nonce,
            sealed: sealed?.to_vec(),
        })
    }

    /// Opens a sealed token; fails if it was not sealed to this tab, or with other news.
    pub(crate) async fn unseal(&self, hand_over: &HandOver) -> Result<AccessToken, JsValue> {
        let sealed = Uint8Array::from(hand_over.sealed.as_slice());
        let HandOver {
            key, nonce, news, ..
        } = hand_over;
        let plain = self.transform("decrypt", key, nonce, news, &sealed).await?;
        let mut bytes = Zeroizing::new(plain.to_vec());
        plain.fill(0, 0, plain.length());
        let text =
            String::from_utf8(std::mem::take(&mut *bytes)).map_err(|_| JsValue::UNDEFINED)?;
        AccessToken::parse(text).ok_or(JsValue::UNDEFINED)
    }

    /// Encrypts or decrypts with the secret that only the owners of both keys know.
    async fn transform(
        &self,
        direction: &str,
        other: &PublicKey,
        nonce: &Nonce,
        news: &News,
        input: &Uint8Array,
    ) -> Result<Uint8Array, JsValue> {
        let key = self.shared_key(direction, other).await?;
        let cipher = Literal::new()
            .text("name", "AES-GCM")
            .bytes("iv", nonce)
            .bytes("additionalData", &news.encode())
            .build();
        let output = settled(subtle(direction, &[&cipher, &key, input])).await?;
        Ok(Uint8Array::new(&output))
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

fn random_bytes<const N: usize>() -> [u8; N] {
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
