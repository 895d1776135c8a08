//! A session that is signed in: its token, whose it is, and how long it lasts.

use super::claims::Claims;
use super::entropy::Entropy;
use super::identity::{Identity, Subject};
use super::time::{Deadline, Now};
use super::token::AccessToken;
use super::token_response::TokenResponse;
use super::version::Version;

/// A token is renewed before use when less than this is left of it, or a tenth of its lifetime.
const LEEWAY_MS: u64 = 5_000;
/// A rejected token younger than this, or than half its lifetime, is not refreshed again.
const YOUNG_MS: u64 = 10_000;

/// How old a token is and how long it lives in all, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Life {
    /// Since the tab that refreshed received it.
    pub age: u64,
    /// `None`: unknown.
    pub lifetime: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Session {
    pub(crate) version: Version,
    token: AccessToken,
    claims: Option<Claims>,
    received: Now,
    lifetime: Option<u64>,
    expires: Option<Deadline>,
}

impl Session {
    /// A session just granted to this tab.
    pub(crate) fn granted(response: TokenResponse, version: Version, now: Now) -> Session {
        let TokenResponse {
            token,
            lifetime,
            claims,
        } = response;
        Session {
            version,
            token,
            claims,
            received: now,
            lifetime,
            expires: lifetime.map(|ms| Deadline::after(now, ms)),
        }
    }

    /// A session that another tab handed over.
    pub(crate) fn handed_over(
        token: AccessToken,
        claims: Option<Claims>,
        version: Version,
        life: Life,
        now: Now,
    ) -> Session {
        let left = |lifetime: u64| Deadline::after(now, lifetime.saturating_sub(life.age));
        Session {
            version,
            claims,
            token,
            received: now.minus(life.age),
            lifetime: life.lifetime,
            expires: life.lifetime.map(left),
        }
    }

    pub(crate) fn token(&self) -> AccessToken {
        self.token.clone()
    }

    pub(crate) fn claims(&self) -> Option<&Claims> {
        self.claims.as_ref()
    }

    pub(crate) fn subject(&self) -> Option<Subject> {
        self.claims.as_ref()?.subject
    }

    pub(crate) fn identity(&self) -> Identity {
        Identity::of(self.version, self.subject())
    }

    pub(crate) fn life(&self, now: Now) -> Life {
        Life {
            age: now.since(self.received),
            lifetime: self.lifetime,
        }
    }

    /// Epoch milliseconds, by this machine's clock.
    pub(crate) fn expires_at(&self) -> Option<u64> {
        self.expires.map(Deadline::wall)
    }

    pub(crate) fn received(&self) -> Now {
        self.received
    }

    /// Whether the backend would still take the token, as far as one can know.
    pub(crate) fn is_valid(&self, now: Now) -> bool {
        !self.expires.is_some_and(|expires| expires.passed(now))
    }

    /// Whether it lasts long enough to be sent off with a request.
    pub(crate) fn is_fresh(&self, now: Now) -> bool {
        let (Some(expires), Some(lifetime)) = (self.expires, self.lifetime) else {
            return true;
        };
        expires.left(now) > LEEWAY_MS.min(lifetime / 10)
    }

    /// Whether it is so new that a rejection cannot be for its age.
    pub(crate) fn is_young(&self, now: Now) -> bool {
        let limit = self
            .lifetime
            .map_or(YOUNG_MS, |lifetime| YOUNG_MS.min(lifetime / 2));
        now.since(self.received) < limit
    }

    /// In how many milliseconds to refresh it ahead of time: at a random point of [0.5, 0.9] of its life.
    pub(crate) fn refresh_ahead_in(&self, entropy: &mut Entropy, now: Now) -> Option<u64> {
        let lifetime = self.lifetime?;
        let point = entropy.between(lifetime / 2, lifetime / 10 * 9);
        Some(point.saturating_sub(now.since(self.received)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now {
        monotonic: 1_000_000,
        wall: 1_700_000_000_000,
    };

    fn at(ms: u64) -> Now {
        Now {
            monotonic: NOW.monotonic + ms,
            wall: NOW.wall + ms,
        }
    }

    fn token() -> AccessToken {
        AccessToken::parse("opaque".to_owned()).unwrap()
    }

    fn living(lifetime: Option<u64>) -> Session {
        let response = TokenResponse {
            token: token(),
            lifetime,
            claims: None,
        };
        Session::granted(response, Version::default(), NOW)
    }

    #[test]
    fn a_token_ages() {
        let session = living(Some(300_000));
        assert!(session.is_fresh(at(294_999)));
        assert!(!session.is_fresh(at(295_000)));
        assert!(session.is_valid(at(299_999)));
        assert!(!session.is_valid(at(300_000)));
        assert!(session.is_young(at(9_999)));
        assert!(!session.is_young(at(10_000)));
    }

    #[test]
    fn short_lives_have_a_short_youth_and_little_leeway() {
        let session = living(Some(1_000));
        assert!(session.is_fresh(at(899)));
        assert!(!session.is_fresh(at(900)));
        assert!(session.is_young(at(499)));
        assert!(!session.is_young(at(500)));
    }

    #[test]
    fn a_token_of_unknown_life_stays_fresh() {
        let session = living(None);
        assert!(session.is_fresh(at(u64::MAX / 2)));
        assert!(session.is_valid(at(u64::MAX / 2)));
        assert_eq!(session.refresh_ahead_in(&mut Entropy::seeded(1), NOW), None);
    }

    #[test]
    fn it_is_refreshed_ahead_between_half_and_nine_tenths() {
        let session = living(Some(100_000));
        let mut entropy = Entropy::seeded(3);
        let points: Vec<u64> = (0..1_000)
            .filter_map(|_| session.refresh_ahead_in(&mut entropy, NOW))
            .collect();
        assert_eq!(points.len(), 1_000);
        assert!(points.iter().all(|point| (50_000..=90_000).contains(point)));
        assert!(points.iter().any(|point| *point < 55_000));
        assert!(points.iter().any(|point| *point > 85_000));
    }

    #[test]
    fn a_token_handed_over_keeps_its_age() {
        let life = Life {
            age: 200_000,
            lifetime: Some(300_000),
        };
        let session = Session::handed_over(token(), None, Version::default(), life, NOW);
        assert!(!session.is_young(NOW));
        assert!(session.is_valid(at(99_999)));
        assert!(!session.is_valid(at(100_000)));
        assert_eq!(session.life(at(5)).age, 200_005);
    }
}
