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
    /// The backend has given it more than once: it gives no other before this one has expired.
    pub is_kept: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Session {
    pub(crate) version: Version,
    token: AccessToken,
    claims: Option<Claims>,
    /// When it first came.
    received: Now,
    /// When it last came.
    seen: Now,
    lifetime: Option<u64>,
    expires: Option<Deadline>,
    /// See [`Life`].
    is_kept: bool,
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
            seen: now,
            lifetime,
            expires: lifetime.map(|ms| Deadline::after(now, ms)),
            is_kept: false,
        }
    }

    /// The same, after another. A backend that keeps a token until it has expired gives it again and again:
    /// its life began when it first came.
    pub(crate) fn after(self, before: &Session, now: Now) -> Session {
        let is_kept = self.token == before.token;
        let Some(known) = before
            .expires
            .filter(|expires| is_kept && !expires.passed(now))
        else {
            return self;
        };
        let sooner = self.expires.unwrap_or(known).left(now).min(known.left(now));
        let expires = Deadline::after(now, sooner);
        Session {
            received: before.received,
            lifetime: Some(now.since(before.received) + sooner),
            expires: Some(expires),
            is_kept: true,
            ..self
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
            // How long ago it last came is not told.
            seen: if life.is_kept {
                now
            } else {
                now.minus(life.age)
            },
            lifetime: life.lifetime,
            expires: life.lifetime.map(left),
            is_kept: life.is_kept,
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
            is_kept: self.is_kept,
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

    /// Whether it lasts long enough to be sent off with a request, or there is no other yet.
    pub(crate) fn is_fresh(&self, now: Now) -> bool {
        if self.is_kept {
            return self.is_valid(now);
        }
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
        now.since(self.seen) < limit
    }

    /// In how many milliseconds to refresh it ahead of time: at a random point of [0.5, 0.9] of its life; or when it
    /// expires, if there is no other before that.
    pub(crate) fn refresh_ahead_in(&self, entropy: &mut Entropy, now: Now) -> Option<u64> {
        let lifetime = self.lifetime?;
        if self.is_kept {
            return self.expires.map(|expires| expires.left(now));
        }
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
            is_kept: false,
        };
        let session = Session::handed_over(token(), None, Version::default(), life, NOW);
        assert!(!session.is_young(NOW));
        assert!(session.is_valid(at(99_999)));
        assert!(!session.is_valid(at(100_000)));
        assert_eq!(session.life(at(5)).age, 200_005);
    }

    #[test]
    fn a_token_that_comes_again_is_as_old_as_before() {
        let first = living(Some(300_000));
        let again = |ms, lifetime| {
            let response = TokenResponse {
                token: token(),
                lifetime,
                claims: None,
            };
            Session::granted(response, Version::default(), at(ms)).after(&first, at(ms))
        };
        let kept = again(200_000, Some(300_000));
        assert_eq!(kept.life(at(200_000)).age, 200_000);
        assert!(kept.is_fresh(at(299_999)));
        assert!(!kept.is_fresh(at(300_000)));
        assert!(kept.is_young(at(209_999)));
        let ahead = kept.refresh_ahead_in(&mut Entropy::seeded(1), at(200_000));
        assert_eq!(ahead, Some(100_000));
        let said_to_be_older = again(200_000, Some(50_000));
        assert!(!said_to_be_older.is_valid(at(250_000)));
        let lifetime = said_to_be_older.life(at(200_000)).lifetime;
        assert_eq!(lifetime, Some(250_000));
        let unknown = again(200_000, None);
        assert!(!unknown.is_valid(at(300_000)));
        let after_its_end = again(300_000, Some(300_000));
        assert!(after_its_end.is_fresh(at(500_000)));
        let handed_over = Session::handed_over(
            token(),
            None,
            Version::default(),
            kept.life(at(200_000)),
            at(200_000),
        );
        assert!(handed_over.is_fresh(at(299_999)));
    }

    #[test]
    fn another_token_or_one_of_unknown_life_begins_anew() {
        let other = Session {
            token: AccessToken::parse("other".to_owned()).unwrap(),
            ..living(Some(300_000))
        };
        assert!(!living(Some(300_000)).after(&other, NOW).is_kept);
        assert!(!living(None).after(&living(None), NOW).is_kept);
    }
}
