//! Whose a token is: what tells one person from another.

use super::version::Version;

/// Whose a token is: a label to compare, the FNV-1a hash of the claims that make a person. It keeps names out
/// of messages; it is not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject(pub u64);

impl Subject {
    /// The label of `sub` at `iss`.
    pub fn of(iss: Option<&str>, sub: &str) -> Subject {
        Subject::named(&[iss.unwrap_or_default(), "\0", sub].concat())
    }

    /// The label of whoever these claims name, one after the other, with a zero between them.
    pub fn named(claims: &str) -> Subject {
        let hash = claims
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        Subject(hash)
    }
}

/// As whom something was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    epoch: u64,
    subject: Option<Subject>,
}

impl Identity {
    pub(crate) fn of(version: Version, subject: Option<Subject>) -> Identity {
        Identity {
            epoch: version.epoch,
            subject,
        }
    }

    /// Subjects decide where both are known; otherwise only the same sign-in is the same person.
    pub(crate) fn is(self, other: Identity) -> bool {
        match (self.subject, other.subject) {
            (Some(one), Some(other)) => one == other,
            _ => self.epoch == other.epoch,
        }
    }

    /// Whether it may be the same person, as far as a tab can tell that knows of nothing newer than `known`.
    pub(crate) fn may_be(self, other: Identity, known: Version) -> bool {
        let is_named = self.subject.is_some() && other.subject.is_some();
        !is_named && known.epoch <= self.epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_identity_is_decided_by_subjects_then_by_sign_in() {
        let named = |epoch, sub: &str| Identity {
            epoch,
            subject: Some(Subject::of(None, sub)),
        };
        let unnamed = |epoch| Identity {
            epoch,
            subject: None,
        };
        assert!(named(1, "alice").is(named(2, "alice")));
        assert!(!named(1, "alice").is(named(1, "bob")));
        assert!(unnamed(1).is(named(1, "alice")));
        assert!(!unnamed(1).is(unnamed(2)));
    }

    #[test]
    fn a_subject_is_labelled_with_fnv_1a() {
        assert_eq!(Subject::of(None, ""), Subject(0xAF63_BD4C_8601_B7DF));
        assert_eq!(Subject::of(Some("a"), "b"), Subject(0xE5D2_9919_0426_66B2));
        assert_ne!(Subject::of(Some("a"), "b"), Subject::of(None, "ab"));
    }
}
