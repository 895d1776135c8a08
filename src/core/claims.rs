//! What a JWT says of itself, read without verifying it: the backend verifies, the app displays.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::UntrustedToken;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::session::Subject;
use super::token::AccessToken;

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
    pub fn read(token: &AccessToken) -> Option<Claims> {
        let jwt = UntrustedToken::<Anything>::try_from(token.expose()).ok()?;
        let claims = jwt.deserialize_claims_unchecked::<Named>().ok()?;
        let named = claims.custom;
        Some(Claims {
            expires: claims.expiration.map(|time| time.timestamp()),
            issued: claims.issued_at.map(|time| time.timestamp()),
            subject: named.sub.map(|sub| Subject::of(named.iss.as_deref(), &sub)),
            json: payload(token.expose())?,
        })
    }
}

/// The claims that `jwt-compact` leaves to its user. Read by hand: what serde derives for them
/// would be several times as large, and this is downloaded by every visitor.
#[derive(Default)]
struct Named {
    iss: Option<String>,
    sub: Option<String>,
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Named, D::Error> {
        deserializer.deserialize_map(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named, A::Error> {
        let mut named = Named::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "iss" => named.iss = map.next_value()?,
                "sub" => named.sub = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(named)
    }
}

/// Whatever else the header says.
struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Anything, D::Error> {
        Ok(Anything)
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
        Claims::read(&AccessToken::parse(jwt).unwrap())
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
            assert_eq!(
                Claims::read(&AccessToken::parse(opaque.to_owned()).unwrap()),
                None
            );
        }
        assert_eq!(read("[]"), None);
        assert_eq!(read("null"), None);
        assert_eq!(read(r#"{"exp":"soon"}"#), None);
        assert_eq!(read_with("{}", "{}"), None);
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
