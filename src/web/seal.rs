//! Sealing a token for one other tab: ECDH on P-256 between the tabs' own ephemeral keys, HKDF,
//! AES-GCM (all WebCrypto). Private keys cannot be exported and live as long as their page.

use js_sys::{Array, ArrayBuffer, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Crypto, CryptoKey, CryptoKeyPair, SubtleCrypto};
use zeroize::Zeroizing;

use super::js::{self, Literal, settled};
use crate::core::{AccessToken, Ask, HandOver, News, Nonce, PublicKey};

/// Binds the derived key to its use and to this format.
const CONTEXT: &[u8] = b"tokenhold hand-over 1";

/// A tab's key pair.
pub(crate) struct Keys {
    private: CryptoKey,
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
        let usages = Array::of1(&"deriveKey".into());
        let pair = settled(subtle().generate_key_with_object(&ecdh(None), false, &usages)).await?;
        let pair: CryptoKeyPair = pair.unchecked_into();
        let public = settled(subtle().export_key("raw", &pair.get_public_key())).await?;
        let public = bytes_of(&public)
            .try_into()
            .map_err(|_| JsValue::UNDEFINED)?;
        Ok(Keys {
            private: pair.get_private_key(),
            public,
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
        let key = self.shared_key(&ask.key, "encrypt").await?;
        let nonce: Nonce = random_bytes();
        let cipher = aes_gcm(&nonce, &news);
        let plain = Uint8Array::from(token.expose().as_bytes());
        let sealed =
            settled(subtle().encrypt_with_object_and_js_u8_array(&cipher, &key, &plain)).await;
        plain.fill(0, 0, plain.length());
        Ok(HandOver {
            to: ask.from,
            news,
            key: self.public,
            nonce,
            sealed: bytes_of(&sealed?),
        })
    }

    /// Opens a sealed token; fails if it was not sealed to this tab, or with other news.
    pub(crate) async fn unseal(&self, hand_over: &HandOver) -> Result<AccessToken, JsValue> {
        let key = self.shared_key(&hand_over.key, "decrypt").await?;
        let cipher = aes_gcm(&hand_over.nonce, &hand_over.news);
        let sealed = Uint8Array::from(hand_over.sealed.as_slice());
        let plain =
            settled(subtle().decrypt_with_object_and_js_u8_array(&cipher, &key, &sealed)).await?;
        let view = Uint8Array::new(&plain);
        let mut bytes = Zeroizing::new(view.to_vec());
        view.fill(0, 0, view.length());
        let text =
            String::from_utf8(std::mem::take(&mut *bytes)).map_err(|_| JsValue::UNDEFINED)?;
        AccessToken::parse(text).ok_or(JsValue::UNDEFINED)
    }

    async fn shared_key(&self, other: &PublicKey, usage: &str) -> Result<CryptoKey, JsValue> {
        let other = Uint8Array::from(other.as_slice());
        let unusable = Array::new();
        let other =
            settled(subtle().import_key_with_object("raw", &other, &ecdh(None), true, &unusable))
                .await?;
        let usages = Array::of1(&"deriveKey".into());
        let secret = settled(subtle().derive_key_with_object_and_str(
            &ecdh(Some(other)),
            &self.private,
            "HKDF",
            false,
            &usages,
        ))
        .await?;
        let hkdf = Literal::new()
            .text("name", "HKDF")
            .text("hash", "SHA-256")
            .with("salt", Uint8Array::new_with_length(0).into())
            .with("info", Uint8Array::from(CONTEXT).into())
            .build();
        let aes = Literal::new()
            .text("name", "AES-GCM")
            .with("length", 256.into())
            .build();
        let usages = Array::of1(&usage.into());
        let key = settled(subtle().derive_key_with_object_and_object(
            &hkdf,
            secret.unchecked_ref(),
            &aes,
            false,
            &usages,
        ))
        .await?;
        Ok(key.unchecked_into())
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

fn aes_gcm(nonce: &Nonce, news: &News) -> Object {
    Literal::new()
        .text("name", "AES-GCM")
        .with("iv", Uint8Array::from(nonce.as_slice()).into())
        .with(
            "additionalData",
            Uint8Array::from(news.encode().as_slice()).into(),
        )
        .build()
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

fn subtle() -> SubtleCrypto {
    crypto().subtle()
}

fn bytes_of(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec()
}
