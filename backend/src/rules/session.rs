use std::time::Duration;

use super::Limits;

/// A session that lives: its current cookie, the one before it, and the two clocks that end it.
///
/// Every `now` is the time since one fixed moment of the caller's choice. A clock that steps back ends nothing.
///
/// The caller knows which cookies a session has ever had, and brings a session only cookies that were once its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Session<C> {
    current: C,
    previous: Option<Previous<C>>,
    started: Duration,
    last_used: Duration,
}

/// The cookie that the current one replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Previous<C> {
    pub cookie: C,
    pub replaced: Duration,
}

/// The outcome of a refresh. An ended session is gone, so that nobody can use it by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh<C> {
    /// The fresh cookie is current now, and the answer to give.
    Rotated(Session<C>),
    /// Nothing changed: the answer is the current cookie, the same that the first use of this cookie got.
    Repeated(Session<C>),
    Ended(Ended),
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Idle,
    Absolute,
    /// A cookie was presented that had been replaced: two parties hold this session, and one of them may be a thief
    /// (RFC 9700, section 4.14.2).
    Reused,
}

impl<C: Eq> Session<C> {
    /// A session that begins now, with its first cookie.
    pub fn start(cookie: C, now: Duration) -> Self {
        Self {
            current: cookie,
            previous: None,
            started: now,
            last_used: now,
        }
    }

    /// The session as a store kept it.
    pub fn restore(
        current: C,
        previous: Option<Previous<C>>,
        started: Duration,
        last_used: Duration,
    ) -> Self {
        Self {
            current,
            previous,
            started,
            last_used,
        }
    }

    /// Answers one of this session's cookies, with `fresh` as the successor if there is to be a new one.
    pub fn refresh(
        mut self,
        presented: &C,
        fresh: C,
        now: Duration,
        limits: &Limits,
    ) -> Refresh<C> {
        if let Some(ended) = self.ended(now, limits) {
            return Refresh::Ended(ended);
        }
        if *presented == self.current {
            let replaced = std::mem::replace(&mut self.current, fresh);
            self.previous = Some(Previous {
                cookie: replaced,
                replaced: now,
            });
            return Refresh::Rotated(self);
        }
        if self.forgives(presented, now, limits) {
            return Refresh::Repeated(self);
        }
        Refresh::Ended(Ended::Reused)
    }

    /// The limit that has ended this session, if one has.
    pub fn ended(&self, now: Duration, limits: &Limits) -> Option<Ended> {
        if now.saturating_sub(self.started) >= limits.absolute {
            return Some(Ended::Absolute);
        }
        (now.saturating_sub(self.last_used) >= limits.idle).then_some(Ended::Idle)
    }

    /// Counts a use of the session now, unless a limit has ended it.
    ///
    /// # Errors
    ///
    /// The limit that has.
    pub fn used(mut self, now: Duration, limits: &Limits) -> Result<Self, Ended> {
        if let Some(ended) = self.ended(now, limits) {
            return Err(ended);
        }
        self.last_used = self.last_used.max(now);
        Ok(self)
    }

    pub fn current(&self) -> &C {
        &self.current
    }

    pub fn previous(&self) -> Option<&Previous<C>> {
        self.previous.as_ref()
    }

    pub fn started(&self) -> Duration {
        self.started
    }

    pub fn last_used(&self) -> Duration {
        self.last_used
    }

    /// Whether this is the cookie right before the current one, within the grace. Its holder may not have seen the
    /// answer.
    fn forgives(&self, presented: &C, now: Duration, limits: &Limits) -> bool {
        self.previous.as_ref().is_some_and(|previous| {
            previous.cookie == *presented
                && now.saturating_sub(previous.replaced) < limits.reuse_grace
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_secs(60);
    const LIMITS: Limits = Limits {
        idle: Duration::from_secs(1_800),
        absolute: Duration::from_secs(7_200),
        reuse_grace: Duration::from_secs(5),
    };
    const STRICT: Limits = Limits {
        reuse_grace: Duration::ZERO,
        ..LIMITS
    };

    /// A session whose cookie 1 was replaced by cookie 2 after a minute.
    fn rotated_once() -> Session<u32> {
        match Session::start(1, Duration::ZERO).refresh(&1, 2, MINUTE, &LIMITS) {
            Refresh::Rotated(session) => session,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_current_cookie_earns_a_fresh_one() {
        let session = rotated_once();
        assert_eq!(*session.current(), 2);
        assert_eq!(
            session.previous(),
            Some(&Previous {
                cookie: 1,
                replaced: MINUTE
            })
        );
    }

    #[test]
    fn the_cookie_before_earns_the_same_successor_until_the_grace_is_over() {
        let session = rotated_once();
        let repeated = Refresh::Repeated(session.clone());
        for after in [Duration::ZERO, SECOND, Duration::from_millis(4_999)] {
            assert_eq!(
                session.clone().refresh(&1, 3, MINUTE + after, &LIMITS),
                repeated
            );
        }
        let late = session.refresh(&1, 3, MINUTE + 5 * SECOND, &LIMITS);
        assert_eq!(late, Refresh::Ended(Ended::Reused));
    }

    #[test]
    fn repeating_does_not_prolong_the_grace() {
        let Refresh::Repeated(session) =
            rotated_once().refresh(&1, 3, MINUTE + 4 * SECOND, &LIMITS)
        else {
            panic!("repeated")
        };
        let late = session.refresh(&1, 4, MINUTE + 5 * SECOND, &LIMITS);
        assert_eq!(late, Refresh::Ended(Ended::Reused));
    }

    #[test]
    fn a_cookie_older_than_the_one_before_ends_the_session_even_within_the_grace() {
        let Refresh::Rotated(session) = rotated_once().refresh(&2, 3, MINUTE, &LIMITS) else {
            panic!("rotated")
        };
        assert_eq!(
            session.refresh(&1, 4, MINUTE, &LIMITS),
            Refresh::Ended(Ended::Reused)
        );
    }

    #[test]
    fn strict_rotation_forgives_nothing() {
        let used_twice = rotated_once().refresh(&1, 3, MINUTE, &STRICT);
        assert_eq!(used_twice, Refresh::Ended(Ended::Reused));
    }

    #[test]
    fn rotating_is_not_using() {
        let session = rotated_once();
        assert_eq!(session.last_used(), Duration::ZERO);
        let late = session.refresh(&2, 3, LIMITS.idle, &LIMITS);
        assert_eq!(late, Refresh::Ended(Ended::Idle));
    }

    #[test]
    fn using_puts_the_idle_limit_off_and_never_back() {
        let session = rotated_once().used(20 * MINUTE, &LIMITS).unwrap();
        let session = session.used(10 * MINUTE, &LIMITS).unwrap();
        assert_eq!(session.last_used(), 20 * MINUTE);
        assert_eq!(session.ended(50 * MINUTE - SECOND, &LIMITS), None);
        assert_eq!(session.ended(50 * MINUTE, &LIMITS), Some(Ended::Idle));
        assert_eq!(session.used(50 * MINUTE, &LIMITS), Err(Ended::Idle));
    }

    #[test]
    fn nothing_puts_the_absolute_limit_off() {
        let mut session = Session::start(0, Duration::ZERO);
        for (cookie, minute) in (1..120).enumerate() {
            session = session.used(minute * MINUTE, &LIMITS).unwrap();
            session = match session.refresh(&cookie, cookie + 1, minute * MINUTE, &LIMITS) {
                Refresh::Rotated(session) => session,
                other => panic!("minute {minute}: {other:?}"),
            };
        }
        assert_eq!(session.ended(120 * MINUTE - SECOND, &LIMITS), None);
        let late = session.refresh(&119, 120, 120 * MINUTE, &LIMITS);
        assert_eq!(late, Refresh::Ended(Ended::Absolute));
    }

    #[test]
    fn a_clock_that_steps_back_ends_nothing() {
        let session = Session::start(1, 10 * MINUTE);
        assert_eq!(session.ended(MINUTE, &LIMITS), None);
        let Refresh::Rotated(session) = session.refresh(&1, 2, MINUTE, &LIMITS) else {
            panic!("rotated")
        };
        let earlier = session.clone().refresh(&1, 3, Duration::ZERO, &LIMITS);
        assert_eq!(earlier, Refresh::Repeated(session));
    }

    /// Long random histories against the rule said in one sentence: the last cookie rotates, the one before repeats
    /// within the grace, any other ends.
    #[test]
    fn every_history_keeps_the_rule() {
        let mut random = Lcg(1);
        let mut seen = [0_u32; 3];
        for _ in 0..2_000 {
            let (mut session, mut now, mut replaced) =
                (Session::start(0, Duration::ZERO), Duration::ZERO, None);
            for fresh in 1_u32.. {
                now += Duration::from_millis(random.below(4_000).into());
                session = session.used(now, &LIMITS).unwrap();
                let presented =
                    fresh.saturating_sub(1 + random.below(100) / 60 + random.below(100) / 95);
                let (current, in_grace) = (
                    *session.current(),
                    replaced.is_some_and(|at| now - at < LIMITS.reuse_grace),
                );
                match session.refresh(&presented, fresh, now, &LIMITS) {
                    Refresh::Rotated(after) => {
                        assert_eq!((presented, *after.current()), (current, fresh));
                        (session, replaced) = (after, Some(now));
                        seen[0] += 1;
                    }
                    Refresh::Repeated(after) => {
                        assert!(
                            in_grace && presented + 1 == current && *after.current() == current
                        );
                        seen[1] += 1;
                        break;
                    }
                    Refresh::Ended(why) => {
                        assert_eq!(why, Ended::Reused);
                        assert!(presented + 1 < current || (presented + 1 == current && !in_grace));
                        seen[2] += 1;
                        break;
                    }
                }
            }
        }
        assert!(
            seen.iter().all(|&times| times > 50),
            "each outcome was met often: {seen:?}"
        );
    }

    /// A small generator of the kind Knuth describes: the same numbers in every run.
    struct Lcg(u64);

    impl Lcg {
        fn below(&mut self, bound: u32) -> u32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as u32 % bound
        }
    }
}
