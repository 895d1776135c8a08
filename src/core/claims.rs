//! The claims of a JWT, read without verifying it: the backend verifies, the app displays.

use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::UntrustedToken;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::identity::Subject;

/// The claims this crate has a use for (RFC 7519, section 4.1), and the whole payload for the app.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claims {
    /// `exp`, epoch seconds.
    pub expires: Option<i64>,
    /// `iat`, epoch seconds.
    pub issued: Option<i64>,
    /// `sub` (with `iss`), as a label that can be compared.
    pub subject: Option<Subject>,
    /// The payload as the issuer wrote it: a JSON object.
    pub json: String,
}

impl Claims {
    /// Reads the claims of a token. `None`: it is opaque, or nothing that `jwt-compact` takes for
    /// a JWT; that is no error, such a token is as good as any.
    ///
    /// The npm package reads them with what the browser has: see `claims` in `answers.js`.
    pub fn read(token: &str) -> Option<Claims> {
        let jwt = UntrustedToken::new(token).ok()?;
        let claims = jwt.deserialize_claims_unchecked::<Named>().ok()?;
        let (iss, sub) = (claims.custom.iss.text(), claims.custom.sub.text());
        Some(Claims {
            expires: claims.expiration.map(|time| time.timestamp()),
            issued: claims.issued_at.map(|time| time.timestamp()),
            subject: sub.map(|sub| Subject::of(iss, sub)),
            json: payload(token)?,
        })
    }
}

/// The claims that `jwt-compact` leaves to its user.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    iss: Name,
    #[serde(default)]
    sub: Name,
}

/// An issuer that numbers its users, against RFC 7519, says nothing here that could be compared;
/// its tokens are none the worse.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Other(IgnoredAny),
}

impl Name {
    fn text(&self) -> Option<&str> {
        match self {
            Name::Text(text) => Some(text),
            Name::Other(_) => None,
        }
    }
}

impl Default for Name {
    fn default() -> Name {
        Name::Other(IgnoredAny)
    }
}

fn payload(jwt: &str) -> Option<String> {
    let encoded = jwt.split('.').nth(1)?;
    String::from_utf8(Base64UrlUnpadded::decode_vec(encoded).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &str) -> Option<Claims> {
        read_with(r#"{"alg":"EdDSA"}"#, payload)
    }

    fn read_with(header: &str, payload: &str) -> Option<Claims> {
        let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
        let jwt = format!("{}.{}.c2ln", encode(header), encode(payload));
        Claims::read(&jwt)
    }

    #[test]
    fn a_jwt_tells_its_lifetime_and_subject() {
        let claims = read(r#"{"sub":"alice","iat":1000,"exp":1300,"name":"Alice é"}"#).unwrap();
        assert_eq!((claims.issued, claims.expires), (Some(1000), Some(1300)));
        assert_eq!(claims.subject, Some(Subject::of(None, "alice")));
        assert!(claims.json.contains("Alice é"));
    }

    #[test]
    fn claims_may_be_missing() {
        let claims = read("{}").unwrap();
        assert_eq!(
            (claims.issued, claims.expires, claims.subject),
            (None, None, None)
        );
    }

    #[test]
    fn what_is_no_jwt_is_opaque() {
        for opaque in ["opaque", "a.b", "a.b.c", "a.b.c.d.e", "...."] {
            assert_eq!(Claims::read(opaque), None);
        }
        assert_eq!(read("[]"), None);
        assert_eq!(read("null"), None);
        assert_eq!(read(r#"{"exp":"soon"}"#), None);
        assert_eq!(read_with("{}", "{}"), None);
    }

    #[test]
    fn a_subject_that_is_no_text_is_none() {
        let claims = read(r#"{"sub":5,"iss":["a"],"exp":1300}"#).unwrap();
        assert_eq!((claims.expires, claims.subject), (Some(1300), None));
        let subject = read(r#"{"sub":"5","iss":null}"#).unwrap().subject;
        assert_eq!(subject, Some(Subject::of(None, "5")));
    }

    #[test]
    fn the_issuer_is_part_of_the_subject() {
        let one = read(r#"{"iss":"https://a.example","sub":"1"}"#)
            .unwrap()
            .subject;
        let other = read(r#"{"iss":"https://b.example","sub":"1"}"#)
            .unwrap()
            .subject;
        assert_ne!(one, other);
    }
}
