//! Tokens and answers, as backends make them.

use base64ct::{Base64UrlUnpadded, Encoding};
use tokenhold::core::{Answer, Failure};

/// A JWT with this payload. The signature is base64url already: nobody here verifies it.
pub fn jwt(payload: &str, signature: &str) -> String {
    let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
    let header = encode(r#"{"alg":"EdDSA"}"#);
    [header, encode(payload), signature.to_owned()].join(".")
}

/// The answer to a refresh that failed; `retry_after` is in milliseconds.
pub fn failed(failure: Failure, retry_after: Option<u64>) -> Answer {
    Answer::Failed {
        failure,
        retry_after,
    }
}

/// Whether the bytes hold the secret, as they are.
pub fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    let mut windows = bytes.windows(secret.len());
    windows.any(|window| window == secret)
}
