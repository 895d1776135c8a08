//! The claims of a JWT, compared with serde_json's reading.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use tokenhold::core::{Claims, Subject};

/// The bytes are a token, or the header and the payload of one, a line each.
///
/// Whatever is read is there in the payload, and the payload is what the app's `JSON.parse` takes.
pub fn claims(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
    let token = match text.split_once('\n') {
        Some((header, payload)) => [&encode(header), ".", &encode(payload), ".c2ln"].concat(),
        None => text.to_owned(),
    };
    let claims = Claims::read(&token);
    if let Some(claims) = &claims {
        says_the_same(claims);
    }
    claims.is_some()
}

fn says_the_same(claims: &Claims) {
    let payload: Value = serde_json::from_str(&claims.json).expect("the payload is JSON");
    assert!(payload.is_object());
    assert_eq!(claims.expires, seconds(&payload["exp"]));
    assert_eq!(claims.issued, seconds(&payload["iat"]));
    let subject = payload["sub"]
        .as_str()
        .map(|sub| Subject::of(payload["iss"].as_str(), sub));
    assert_eq!(claims.subject, subject);
}

/// A NumericDate may have a fraction (RFC 7519, section 2).
fn seconds(date: &Value) -> Option<i64> {
    date.as_i64().or_else(|| Some(date.as_f64()? as i64))
}
