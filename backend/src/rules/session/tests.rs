use super::*;
use crate::rules::REUSE_GRACE;

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

/// As the reference backend is started.
const SHIPPED: Limits = Limits {
    reuse_grace: REUSE_GRACE,
    ..LIMITS
};
/// tokenhold's: a lost answer is noticed after this.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A browser and its session.
struct Owner {
    cookie: u32,
    token: u32,
    session: Option<Session<u32>>,
    fresh: u32,
    /// The answers lost in a row.
    lost: u32,
    now: Duration,
}

impl Owner {
    fn new() -> Owner {
        Owner {
            cookie: 0,
            token: 0,
            session: Some(Session::start(0, Duration::ZERO)),
            fresh: 0,
            lost: 0,
            now: Duration::ZERO,
        }
    }

    fn refreshes(&mut self) {
        self.presents_its_cookie();
        if let Some(session) = &self.session {
            self.cookie = *session.current();
            self.token = session.rotation();
        }
        self.lost = 0;
    }

    /// And waits for the time-out and for its longest back-off: a second, and twice as long each time.
    fn loses_an_answer(&mut self) {
        self.presents_its_cookie();
        self.now += TIMEOUT + SECOND * (1 << self.lost);
        self.lost += 1;
    }

    fn presents_its_cookie(&mut self) {
        self.fresh += 1;
        let session = self.session.take();
        let outcome =
            session.map(|session| session.refresh(&self.cookie, self.fresh, self.now, &SHIPPED));
        if let Some(Refresh::Rotated(session) | Refresh::Repeated(session)) = outcome {
            self.session = Some(session);
        }
    }

    fn uses_the_token(&mut self) {
        let session = self.session.take();
        self.session = session.map(|session| session.received(self.token));
    }
}

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
    let Refresh::Repeated(session) = rotated_once().refresh(&1, 3, MINUTE + 4 * SECOND, &LIMITS)
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
fn the_first_use_of_the_token_ends_the_forgiving() {
    let session = rotated_once();
    assert_eq!(session.rotation(), 1);
    let received = session.received(1);
    assert_eq!(received.previous(), None);
    assert_eq!(
        received.refresh(&1, 3, MINUTE, &LIMITS),
        Refresh::Ended(Ended::Reused)
    );
}

#[test]
fn a_token_from_before_the_rotation_says_nothing_of_its_answer() {
    let session = rotated_once();
    assert_eq!(session.clone().received(0), session);
    let Refresh::Rotated(again) = session.received(1).refresh(&2, 3, MINUTE, &LIMITS) else {
        panic!("rotated")
    };
    assert_eq!(again.clone().received(1), again);
}

/// A thief has a copy of the owner's cookie and presents it some time after the owner has refreshed, at any step of
/// the owner's life, whatever got lost on the way.
#[test]
fn a_thief_who_follows_is_noticed() {
    for losses in 0..4 {
        for uses in [false, true] {
            let mut owner = Owner::new();
            let stolen = owner.cookie;
            for _ in 0..losses {
                owner.loses_an_answer();
            }
            owner.refreshes();
            if uses {
                owner.uses_the_token();
            } else {
                owner.now += TIMEOUT;
                owner.refreshes();
            }
            let session = owner.session.unwrap();
            let theft = session.refresh(&stolen, 99, owner.now, &SHIPPED);
            assert_eq!(theft, Refresh::Ended(Ended::Reused), "{losses} {uses}");
        }
    }
}

/// Every history of ten refreshes in which at most four answers in a row get lost.
#[test]
fn an_owner_whose_answers_are_lost_is_not_signed_out() {
    const REFRESHES: u32 = 10;
    const IN_A_ROW: u32 = 4;
    for history in 0_u32..1 << REFRESHES {
        let mut owner = Owner::new();
        for step in 0..REFRESHES {
            let is_lost = history >> step & 1 == 1;
            if is_lost && owner.lost < IN_A_ROW {
                owner.loses_an_answer();
            } else {
                owner.refreshes();
                owner.uses_the_token();
            }
        }
        assert!(owner.session.is_some(), "{history:b}");
    }
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

/// Long random histories against the rule said in one sentence: the last cookie rotates, the one before repeats within
/// the grace as long as the answer is not used, any other ends.
#[test]
fn every_history_keeps_the_rule() {
    let mut random = Lcg(1);
    let mut seen = [0_u32; 4];
    for _ in 0..2_000 {
        let (mut session, mut now, mut replaced) =
            (Session::start(0, Duration::ZERO), Duration::ZERO, None);
        for fresh in 1_u32.. {
            now += Duration::from_millis(random.below(4_000).into());
            session = session.used(now, &LIMITS).unwrap();
            let current: u32 = *session.current();
            if random.below(100) < 30 {
                let of_before = random.below(100) < 30;
                session = session.received(current.saturating_sub(of_before.into()));
                if !of_before && replaced.take().is_some() {
                    seen[3] += 1;
                }
            }
            let presented =
                fresh.saturating_sub(1 + random.below(100) / 60 + random.below(100) / 95);
            let in_grace = replaced.is_some_and(|at| now - at < LIMITS.reuse_grace);
            match session.refresh(&presented, fresh, now, &LIMITS) {
                Refresh::Rotated(after) => {
                    assert_eq!((presented, *after.current()), (current, fresh));
                    (session, replaced) = (after, Some(now));
                    seen[0] += 1;
                }
                Refresh::Repeated(after) => {
                    assert!(in_grace && presented + 1 == current && *after.current() == current);
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
