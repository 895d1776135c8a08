//! The short-lived token that the API takes: a JWT signed with Ed25519 (RFC 7519, RFC 8037).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jwt_compact::alg::{Ed25519, SigningKey as _};
use jwt_compact::{Algorithm, AlgorithmExt, Claims, Header, TimeOptions, UntrustedToken};
use serde::{Deserialize, Serialize};

use crate::random;

/// Makes tokens, and recognises them. Each start of the process makes a new key, which is never written: a restart
/// costs one refresh.
pub struct AccessTokens {
    signing: <Ed25519 as Algorithm>::SigningKey,
    verifying: <Ed25519 as Algorithm>::VerifyingKey,
    lifetime: Duration,
}

/// The content of a token, apart from its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub sub: String,
    /// The session it was made in.
    pub sid: String,
    /// The rotation of the session's cookie with which it was given.
    pub rot: u32,
    pub jti: String,
}

/// A token that was genuine and had not expired when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub subject: Subject,
    /// Since the Unix epoch.
    pub expires: Duration,
}

impl AccessTokens {
    /// Makes the key. The lifetime is in whole seconds, because `expires_in` has no others (RFC 6749, section 5.1).
    pub fn new(lifetime: Duration) -> Self {
        let signing = <Ed25519 as Algorithm>::SigningKey::from_slice(&random::bytes::<32>())
            .expect("any 32 bytes are an Ed25519 key");
        Self {
            verifying: signing.to_verifying_key(),
            signing,
            lifetime,
        }
    }

    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for a person in a session. It lasts its whole lifetime even if the session ends sooner: the API looks up
    /// the session each time, and a shorter token would only bring the last refreshes close together.
    pub fn mint(&self, username: &str, session: &str, rotation: u32, now: Duration) -> String {
        let subject = Subject {
            sub: username.to_owned(),
            sid: session.to_owned(),
            rot: rotation,
            jti: random::id(),
        };
        let issued = whole_seconds_up(now);
        let mut claims = Claims::new(subject);
        claims.issued_at = Some(issued);
        claims.expiration =
            Some(issued + TimeDelta::seconds(self.lifetime.as_secs().cast_signed()));
        Ed25519
            .token(
                &Header::empty().with_token_type("JWT"),
                &claims,
                &self.signing,
            )
            .expect("three strings and two times always serialize")
    }

    /// The content of a token, if it is ours and has not expired. `None` for anything else, without a reason: an honest
    /// client has no use for one.
    pub fn verify(&self, token: &str, now: Duration) -> Option<Verified> {
        let untrusted = UntrustedToken::new(token).ok()?;
        let token = Ed25519
            .validator::<Subject>(&self.verifying)
            .validate(&untrusted)
            .ok()?;
        let claims = token.claims();
        let exact = TimeOptions::new(TimeDelta::zero(), || moment(now));
        claims.validate_expiration(&exact).ok()?;
        let expires = u64::try_from(claims.expiration?.timestamp()).ok()?;
        Some(Verified {
            subject: claims.custom.clone(),
            expires: Duration::from_secs(expires),
        })
    }
}

/// A JWT counts in whole seconds. Rounding up makes a token last at least as long as `expires_in` said.
fn whole_seconds_up(time: Duration) -> DateTime<Utc> {
    moment(Duration::from_secs(
        time.as_secs() + u64::from(time.subsec_nanos() > 0),
    ))
}

fn moment(since_epoch: Duration) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::from_std(since_epoch).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_millis(1_700_000_000_400);
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_token_says_whose_it_is_and_lasts_at_least_its_lifetime() {
        let tokens = AccessTokens::new(MINUTE);
        let token = tokens.mint("alice", "s1", 7, NOW);
        let verified = tokens.verify(&token, NOW).unwrap();
        let Subject { sub, sid, rot, .. } = &verified.subject;
        assert_eq!((sub.as_str(), sid.as_str(), *rot), ("alice", "s1", 7));
        assert_eq!(verified.expires, Duration::from_secs(1_700_000_061));
        assert!(tokens.verify(&token, NOW + MINUTE).is_some());
        assert!(
            tokens
                .verify(&token, NOW + MINUTE + Duration::from_secs(1))
                .is_none()
        );
    }

    #[test]
    fn every_token_has_a_name_of_its_own() {
        let tokens = AccessTokens::new(MINUTE);
        let jti = |token: String| tokens.verify(&token, NOW).unwrap().subject.jti;
        assert_ne!(
            jti(tokens.mint("alice", "s1", 0, NOW)),
            jti(tokens.mint("alice", "s1", 0, NOW))
        );
    }

    #[test]
    fn what_another_key_signed_or_nobody_signed_is_refused() {
        let tokens = AccessTokens::new(MINUTE);
        let foreign = AccessTokens::new(MINUTE).mint("alice", "s1", 0, NOW);
        assert!(tokens.verify(&foreign, NOW).is_none());

        let own = tokens.mint("alice", "s1", 0, NOW);
        let (_, payload_and_signature) = own.split_once('.').unwrap();
        let (payload, _) = payload_and_signature.split_once('.').unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
        for bad in [
            unsigned.as_str(),
            &own[..own.len() - 4],
            "",
            "opaque",
            "a.b.c",
        ] {
            assert!(tokens.verify(bad, NOW).is_none(), "{bad:?}");
        }
    }
}
