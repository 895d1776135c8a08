//! The secret in the cookie, and the hash that may be stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::random;

/// The cookie's value: 256 secret bits. It is never stored, never logged, and has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie([u8; 32]);

/// The only stored part of a cookie: its SHA-256. Unsalted, because nobody can try out 2^256 values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark(pub [u8; 32]);

/// The random value from which, with a cookie, its successor is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

impl Cookie {
    /// The first cookie of a session.
    pub fn random() -> Self {
        Self(random::bytes())
    }

    /// The cookie that follows this one: HMAC-SHA-256 of the nonce, keyed with this cookie.
    ///
    /// So the backend can repeat a lost answer without storing the successor anywhere. The holder of the old cookie
    /// brings one half, the store keeps the other, and neither is worth anything alone. The next rotation overwrites
    /// the nonce, so old cookies together with a stolen database lead nowhere.
    pub fn successor(&self, nonce: &Nonce) -> Self {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&nonce.0);
        Self(mac.finalize().into_bytes().into())
    }

    pub fn mark(&self) -> Mark {
        Mark(Sha256::digest(self.0).into())
    }

    /// As sent to the browser: 43 characters, all allowed in a cookie (RFC 6265, section 4.1.1).
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads the output of [`encode`](Self::encode); `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }
}

impl Nonce {
    pub fn random() -> Self {
        Self(random::bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_successor_is_repeatable_and_needs_both_halves() {
        let (cookie, other) = (Cookie::random(), Cookie::random());
        let (nonce, later) = (Nonce::random(), Nonce::random());
        assert!(cookie.successor(&nonce) == cookie.successor(&nonce));
        assert!(cookie.successor(&nonce) != cookie.successor(&later));
        assert!(cookie.successor(&nonce) != other.successor(&nonce));
        assert!(cookie.successor(&nonce) != cookie);
    }

    #[test]
    fn what_is_encoded_decodes_and_nothing_else_does() {
        let cookie = Cookie::random();
        assert_eq!(cookie.encode().len(), 43);
        assert!(Cookie::decode(&cookie.encode()).is_some_and(|decoded| decoded == cookie));
        for bad in [
            "",
            "short",
            "=",
            &format!("{}A", cookie.encode()),
            &"!".repeat(43),
        ] {
            assert!(Cookie::decode(bad).is_none(), "{bad:?}");
        }
    }
}
