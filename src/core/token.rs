//! The access token: the one secret. It cannot be printed, and its bytes are zeroed when the last
//! holder lets go of it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use zeroize::Zeroizing;

/// Longer tokens fit into no request header that a server would accept.
const MAX_LENGTH: usize = 64 * 1024;

/// An access token that can be sent as a bearer token (RFC 6750, section 2.1).
///
/// Clones share one buffer, so that there is one place to zero.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(Arc<Zeroizing<String>>);

impl AccessToken {
    /// Takes the token over. `None` unless it is 1 to 65,536 visible ASCII characters (RFC 6749,
    /// appendix A.12, without the space, which no header can carry back unharmed).
    pub fn parse(token: String) -> Option<AccessToken> {
        let token = Zeroizing::new(token);
        let sendable = (1..=MAX_LENGTH).contains(&token.len())
            && token.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| AccessToken(Arc::new(token)))
    }

    /// The secret itself. The caller answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Hash for AccessToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expose().hash(state);
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_header_can_carry_is_a_token() {
        for good in ["a", "eyJ0.eyJ1.c2ln", "a+b/c==", "~!#$%&"] {
            assert!(AccessToken::parse(good.to_owned()).is_some(), "{good}");
        }
        for bad in ["", "a b", "a\r\nx: y", "é", "\u{7f}", "a\t"] {
            assert!(AccessToken::parse(bad.to_owned()).is_none(), "{bad:?}");
        }
        assert!(AccessToken::parse("x".repeat(MAX_LENGTH)).is_some());
        assert!(AccessToken::parse("x".repeat(MAX_LENGTH + 1)).is_none());
    }

    #[test]
    fn confinement_it_does_not_print() {
        let token = AccessToken::parse("s3cret".to_owned()).unwrap();
        assert!(!format!("{token:?}").contains("s3cret"));
    }

    #[test]
    fn confinement_only_its_type_is_printed() {
        let token = AccessToken::parse("s3cret".to_owned()).unwrap();
        assert_eq!(format!("{token:?}"), "AccessToken(..)");
    }

    #[test]
    fn tokens_of_up_to_64_kilobytes_are_sendable() {
        assert_eq!(MAX_LENGTH, 65_536);
    }

    #[test]
    fn equal_tokens_hash_alike_and_others_do_not() {
        let hash = |token: &str| {
            let mut hasher = std::hash::DefaultHasher::new();
            AccessToken::parse(token.to_owned()).hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash("one"), hash("one"));
        assert_ne!(hash("one"), hash("two"));
    }
}
